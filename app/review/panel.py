"""Grades beside the plan: assessments and plans stand side by side, so they meet here."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from flask import Flask
from sqlalchemy.orm import Session

from app.assessments.queries import newest_of
from app.plans.grades import register_grades
from app.shared.clock import Quarter


def init_app(_app: Flask) -> None:
    """Tell plans the centres' grades."""
    register_grades(grades_by_year)


def grades_by_year(
    session: Session, centre_ids: Collection[UUID], fiscal_year: int
) -> dict[UUID, str]:
    """The grade each centre had, at the latest, when the fiscal year ended; or has now."""
    until = Quarter(fiscal_year, 4).last_day
    return {
        centre: one.grade for centre, one in newest_of(session, centre_ids, None, until).items()
    }
