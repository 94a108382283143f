"""Before a list loses an answer, the records that hold it are found - in whatever slice."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import JSON, insert
from sqlalchemy.orm import Session

from app.records.fields import Field
from app.records.kinds import KINDS
from app.rounds.differences import line_differences, vanished_choices
from app.rounds.impact import impact_of
from app.rounds.programme import FOLDER, load_programme
from app.rounds.reading import read_text
from app.rounds.uses import USES, submissions_by_occurrence, used_choices
from app.shared.clock import bangkok_day
from app.shared.db import Model
from app.shared.ids import new_id
from app.visits.service import record_visit
from tests.conftest import NOW, World
from tests.visits.drafts import make_draft

TEXT = (FOLDER / "khok_nong_na_2567.yaml").read_text("utf-8")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_list_that_a_kind_of_record_offers_is_looked_for(app: Flask) -> None:
    assert app
    offered = {
        (field.offered, kind.model.__tablename__)
        for kind in KINDS.values()
        for field in _fields(kind.fields)
        if field.offered
    }
    assert offered <= {(list_name, table) for list_name, table, _ in USES}
    for _, table, column in USES:
        assert column in Model.metadata.tables[table].c
    assert isinstance(Model.metadata.tables["visit"].c.topics.type, JSON)


def _fields(fields: tuple[Field, ...]) -> list[Field]:
    return [one for field in fields for one in (field, *_fields(field.columns))]


def test_an_answer_that_a_visit_holds_is_missed(session: Session, world: World) -> None:
    draft = make_draft(world.centre, topics=("water", "rice"), kind="training")
    record_visit(session, draft, actor=world["volunteer"], now=NOW)
    session.flush()
    before = load_programme()
    after = read_text(
        "\n".join(
            row
            for row in TEXT.splitlines()
            if not row.startswith(("  - {key: water,", "  - {key: fish,", "  - {key: training,"))
        ),
        "f",
    )
    vanished = [(one.list_name, one.choice.key) for one in vanished_choices(before, after)]
    assert vanished == [
        ("visit_kinds", "training"), ("topics", "water"), ("topics", "fish"),
        ("activity_kinds", "training"),
    ]  # fmt: skip
    used = used_choices(session, vanished_choices(before, after))
    assert [(one.list_name, one.choice.key) for one in used] == [
        ("visit_kinds", "training"), ("topics", "water"),
    ]  # fmt: skip


def test_what_was_sent_and_what_is_past_is_told_before_publishing(
    session: Session, world: World
) -> None:
    before = load_programme()
    session.execute(
        insert(Model.metadata.tables["submission"]).values(
            id=new_id(), programme="khok_nong_na_2567", occurrence="progress_3",
            quarter="2567Q2", unit_code="5606", district_code="5606", due_by=bangkok_day(NOW),
            state="submitted", edition=1, late=False, version=1,
        )
    )  # fmt: skip
    assert submissions_by_occurrence(session, "khok_nong_na_2567") == {"progress_3": 1}
    after = read_text(
        TEXT.replace("due_on: 2024-03-15", "due_on: 2024-03-20").replace(
            "due_on: 2024-01-30", "due_on: 2024-01-29"
        ),
        "f",
    )
    impact = impact_of(session, before, after, bangkok_day(NOW))
    told = [(one.moved.before.key, one.submissions, one.is_past) for one in impact.rounds]
    assert told == [("progress_1", 0, True), ("progress_3", 1, False)]
    assert impact.is_grave
    assert not impact_of(session, before, before, bangkok_day(NOW)).is_grave
    assert impact_of(session, None, after, bangkok_day(NOW)).replaces is None


def test_another_mission_in_the_same_year_is_grave(session: Session, world: World) -> None:
    assert world
    before = load_programme()
    other = read_text(TEXT.replace("key: khok_nong_na", "key: other", 1), "f")
    assert not impact_of(session, before, other, bangkok_day(NOW)).is_grave
    session.execute(
        insert(Model.metadata.tables["submission"]).values(
            id=new_id(), programme="khok_nong_na_2567", occurrence="plan",
            quarter="2567Q1", unit_code="5606", district_code="5606", due_by=bangkok_day(NOW),
            state="submitted", edition=1, late=False, version=1,
        )
    )  # fmt: skip
    assert impact_of(session, before, other, bangkok_day(NOW)).other_mission == 1


def test_the_comparison_leaves_out_what_is_the_same() -> None:
    lines = line_differences(TEXT, TEXT.replace("version: 1", "version: 2", 1))
    assert [(line.kind, line.old, line.new) for line in lines if line.kind in ("gone", "new")] == [
        ("gone", 7, None), ("new", None, 7),
    ]  # fmt: skip
    assert len(lines) == 9  # three around on either side, and where the rest was left out
    assert line_differences(TEXT, TEXT) == []
