"""The findings on a photo's page and on the tiles of the gallery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Flask, g, render_template

from app.accounts.access import current_actor
from app.findings import pair_queries, phrases, queries
from app.findings.forgetting import forget_in_findings
from app.findings.forms import AnswerForm, DecisionForm, answer_form, decision_form
from app.findings.models import PhotoFinding
from app.photos.blueprint import WRITERS
from app.photos.models import Photo
from app.shared.db import db
from app.shared.forgetting import register_forgetting
from app.shared.panels import register_panel

DECIDERS = ("reviewer", "admin")


def init_app(app: Flask) -> None:
    """Show a photo's findings on its page, and let the gallery ask how many are open."""
    register_panel("photo", questions_of_photo, order=10)
    register_forgetting("visit", forget_in_findings)
    app.jinja_env.globals.update(open_findings=open_findings)


def questions_of_photo(photo: Photo) -> str:
    """What there is to ask about a photo, and where its picture is found elsewhere."""
    actor, session = current_actor(), db.session()
    return render_template(
        "findings/_panel.html",
        photo=photo,
        items=queries.findings_of(session, actor, photo),
        pairs=pair_queries.pairs_of(session, actor, photo),
        **words(),
    )


def open_findings(photos: Sequence[Photo]) -> Mapping[UUID, int]:
    """How many questions about each of these photos wait for a decision, in one query."""
    return queries.open_counts(db.session(), current_actor(), [photo.id for photo in photos])


def words() -> dict[str, Any]:
    """What every template with findings needs: names, and who may do what."""
    role = current_actor().role
    return {
        "kinds": phrases.KINDS,
        "kind_icons": phrases.KIND_ICONS,
        "decisions": phrases.DECISIONS,
        "change_words": phrases.change_words,
        "answers": role in WRITERS,
        "decides": role in DECIDERS,
        "answer_form": _answer_form,
        "decision_form": _decision_form,
    }


def keep_refused(finding_id: UUID, form: AnswerForm | DecisionForm) -> None:
    """Let the page that is shown next in this request have the form that was refused."""
    g.refused_finding = (finding_id, form)


def _answer_form(finding: PhotoFinding) -> AnswerForm:
    return _refused(finding, AnswerForm) or answer_form(finding)


def _decision_form(finding: PhotoFinding) -> DecisionForm:
    return _refused(finding, DecisionForm) or decision_form(finding)


def _refused(finding: PhotoFinding, kind: type[Any]) -> Any:
    finding_id, form = g.get("refused_finding", (None, None))
    return form if finding_id == finding.id and isinstance(form, kind) else None
