"""Versions by the administrator's hand: kept, compared, put in force, taken up everywhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.rounds.library import read_edition
from app.rounds.models import ProgrammeVersion
from app.rounds.programme import (
    FOLDER,
    load_programme,
    programme_named,
    programme_of_year,
    programmes_in_force,
    put_in_force,
)
from app.rounds.queries import occurrence_for, quarters_known, rounds_of_quarter
from app.rounds.service import (
    AlreadyPublished,
    NothingChanged,
    OtherProgramme,
    SavedMeanwhile,
    clone_for_next_year,
    publish,
    save_version,
)
from app.rounds.taking_up import take_up
from app.rounds.version_queries import Shown, list_versions, version_named
from app.shared.clock import Quarter, bangkok_day
from tests.conftest import NOW, World

NAME = "khok_nong_na_2567.1"
TEXT = (FOLDER / "khok_nong_na_2567.yaml").read_text("utf-8")
CHANGED = TEXT.replace("ธนาคารเมล็ดพันธุ์", "คลังเมล็ดพันธุ์", 1)


@pytest.fixture(autouse=True)
def _as_shipped() -> Iterator[None]:
    yield
    put_in_force("khok_nong_na_2567")


def _saved(session: Session, world: World, text: str = CHANGED, seen: int = 1) -> ProgrammeVersion:
    base = version_named(session, NAME)
    return save_version(
        session, text, base=base, seen=seen, note="ชื่อใหม่", actor=world["admin"], now=NOW
    )


def _published(session: Session, world: World, row: ProgrammeVersion) -> None:
    publish(session, row, reason="ตามหนังสือ", actor=world["admin"], now=NOW)
    session.commit()


def test_what_is_saved_is_the_next_version_and_not_in_force(session: Session, world: World) -> None:
    row = _saved(session, world)
    session.commit()
    assert (row.name, row.published_at) == ("khok_nong_na_2567.2", None)
    assert "\nversion: 2\n" in row.text
    assert row.text.replace("version: 2", "version: 1") == CHANGED  # comments and all
    take_up()
    assert load_programme().name == NAME


def test_a_published_version_is_taken_up_and_the_old_one_still_known(
    session: Session, world: World
) -> None:
    before = load_programme()
    _published(session, world, _saved(session, world))
    take_up()
    assert load_programme().name == "khok_nong_na_2567.2"
    assert programme_named(NAME) == before
    assert programme_named("nonsense.7") is load_programme()
    assert [one.name for one in programmes_in_force()] == ["khok_nong_na_2567.2"]


def test_another_process_takes_it_up_with_its_next_request(
    app: Flask, session: Session, world: World, sign_in: Callable[[str], FlaskClient]
) -> None:
    _published(session, world, _saved(session, world))
    assert load_programme().name == NAME  # this process has not been asked anything yet
    with app.app_context():  # as every request and every job begins
        assert load_programme().name == "khok_nong_na_2567.2"
        assert app.config["PROGRAMME"] == "khok_nong_na_2567.2"


def test_a_round_that_vanished_is_found_in_the_version_that_had_it(
    session: Session, world: World
) -> None:
    start = TEXT.index("  - key: progress_1")
    end = TEXT.index("  - key: progress_2")
    text = (TEXT[:start] + TEXT[end:]).replace("result, progress_1, ", "result, ")
    _published(session, world, _saved(session, world, text))
    take_up()
    assert "progress_1" not in [due.key for due in rounds_of_quarter(Quarter(2567, 2))]
    found = occurrence_for("khok_nong_na_2567", "progress_1")
    assert found
    assert (found[0].name, found[1].key) == (NAME, "progress_1")
    assert occurrence_for("khok_nong_na_2567", "never") is None
    assert occurrence_for("other_2567", "plan") is None


def test_the_year_after_is_a_draft_with_every_day_a_year_later(
    session: Session, world: World
) -> None:
    base = version_named(session, NAME)
    row = clone_for_next_year(session, base, note="ปีถัดไป", actor=world["admin"], now=NOW)
    assert row.name == "khok_nong_na_2568.1"
    assert "due_on: 2025-02-13" in row.text
    assert "quarter: 2568Q1" in row.text
    assert "first: 2025-02, last: 2025-09" in row.text
    assert row.text.count("#") == TEXT.count("#")  # comments stay
    again = clone_for_next_year(session, base, note="", actor=world["admin"], now=NOW)
    assert again.name == "khok_nong_na_2568.2"


def test_two_years_are_in_force_side_by_side(session: Session, world: World) -> None:
    base = version_named(session, NAME)
    row = clone_for_next_year(session, base, note="", actor=world["admin"], now=NOW)
    _published(session, world, row)
    take_up()
    assert [one.fiscal_year for one in programmes_in_force()] == [2568, 2567]
    assert load_programme().fiscal_year == 2568  # the newest that has begun
    earlier = programme_of_year(2567)
    assert earlier
    assert earlier.name == NAME
    assert [str(due.quarter) for due in rounds_of_quarter(Quarter(2568, 3))] == ["2568Q3"] * 3
    assert rounds_of_quarter(Quarter(2569, 1)) == []
    assert str(quarters_known(load_programme(), bangkok_day(NOW))[-1]) == "2567Q1"


def test_what_does_not_follow_from_the_version_is_refused(session: Session, world: World) -> None:
    with pytest.raises(NothingChanged):
        _saved(session, world, TEXT)
    with pytest.raises(OtherProgramme):
        _saved(session, world, CHANGED.replace("fiscal_year: 2567", "fiscal_year: 2568", 1))
    _saved(session, world)
    with pytest.raises(SavedMeanwhile) as refused:
        _saved(session, world, CHANGED + "# more\n")
    assert refused.value.facts == {"version": 2}


def test_a_version_is_published_once_with_reason_and_audit(session: Session, world: World) -> None:
    row = _saved(session, world)
    _published(session, world, row)
    with pytest.raises(AlreadyPublished):
        publish(session, row, reason="x", actor=world["admin"], now=NOW + timedelta(days=1))
    assert (row.published_by, row.reason) == (world["admin"].account_id, "ตามหนังสือ")
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.kind == "programme"))
    assert sorted(actions) == ["programme_published", "programme_saved"]


def test_a_version_that_this_release_cannot_read_is_passed_over(
    session: Session, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Say, an upgrade knows an entry no more: the product starts, and says so in its log."""
    read_edition.cache_clear()  # it tells each of them once
    row = _saved(session, world)
    row.text = row.text.replace("sectors:", "secters:", 1)
    row.published_at, row.published_by = NOW, world["admin"].account_id
    session.commit()
    take_up()
    assert load_programme().name == NAME
    assert "khok_nong_na_2567.2 is passed over" in caplog.text


def test_versions_are_listed_newest_first(session: Session, world: World) -> None:
    _saved(session, world)
    listed: list[Shown] = list_versions(session)
    assert [(one.name, one.is_draft) for one in listed] == [
        ("khok_nong_na_2567.2", True), (NAME, False),
    ]  # fmt: skip


# --- pages -------------------------------------------------------------------------------------


def _typed(page: str) -> str:
    found = re.search(r"<textarea[^>]*>\r?\n?(.*?)</textarea>", page, re.S)
    assert found
    return found[1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_fault_keeps_what_was_typed_and_leads_to_its_line(
    sign_in: Callable[[str], FlaskClient],
) -> None:
    client = sign_in("admin")
    spoilt = CHANGED.replace("level: district", "level: distrct", 1)
    line = next(n for n, row in enumerate(spoilt.splitlines(), 1) if "distrct" in row)
    form = {"text": spoilt.replace("\n", "\r\n"), "seen": "1", "note": "กำลังแก้"}
    for asked in ("check", "preview", "save"):
        answer = client.post(f"/programme/{NAME}/edit?lang=en", data={**form, "do": asked})
        assert answer.status_code == 422
        assert f'href="#line-{line}"' in answer.text
        assert f'id="line-{line}" class="is-wrong"' in answer.text
        assert "Did you mean district?" in answer.text
        assert "level: distrct" in _typed(answer.text)
        assert "กำลังแก้" in answer.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_check_and_preview_save_nothing(app: Flask, sign_in: Callable[[str], FlaskClient]) -> None:
    client = sign_in("admin")
    form = {"text": CHANGED, "seen": "1"}
    checked = client.post(f"/programme/{NAME}/edit?lang=en", data={**form, "do": "check"})
    assert (checked.status_code, "No faults" in checked.text) == (200, True)
    shown = client.post(f"/programme/{NAME}/edit", data={**form, "do": "preview"})
    assert "คลังเมล็ดพันธุ์" in shown.text
    assert "ชดเชยวันมาฆบูชา" in shown.text
    assert "khok_nong_na_2567.2" not in client.get("/programme").text


def test_from_the_editor_into_force(sign_in: Callable[[str], FlaskClient]) -> None:
    client = sign_in("admin")
    form = {"text": CHANGED.replace("\n", "\r\n"), "seen": "1", "note": "ชื่อใหม่", "do": "save"}
    saved = client.post(f"/programme/{NAME}/edit", data=form)
    assert (saved.status_code, saved.location) == (303, "/programme/khok_nong_na_2567.2")
    assert client.get("/programme/khok_nong_na_2567.2").status_code == 200
    changes = client.get("/programme/khok_nong_na_2567.2/changes").text
    assert "<del>  - {key: seeds, th: &#34;ธนาคารเมล็ดพันธุ์" in changes
    assert "<ins>  - {key: seeds, th: &#34;คลังเมล็ดพันธุ์" in changes
    page = client.get("/programme/khok_nong_na_2567.2/publish")
    assert page.status_code == 200
    refused = client.post("/programme/khok_nong_na_2567.2/publish", data={"reason": ""})
    assert refused.status_code == 422
    done = client.post("/programme/khok_nong_na_2567.2/publish", data={"reason": "ตามหนังสือ"})
    assert done.status_code == 303
    assert load_programme().name == "khok_nong_na_2567.2"
    assert "คลังเมล็ดพันธุ์" in sign_in("officer").get("/visits/new").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_year_after_lands_in_the_editor(sign_in: Callable[[str], FlaskClient]) -> None:
    client = sign_in("admin")
    answer = client.post(f"/programme/{NAME}/clone")
    assert answer.location == "/programme/khok_nong_na_2568.1/edit"
    page = client.get(answer.location)
    assert "due_on: 2025-02-13" in _typed(page.text)
    assert "323" in page.text  # a note that names the letter's day of 2567


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_somebody_who_saved_meanwhile_is_told_and_nothing_is_lost(
    sign_in: Callable[[str], FlaskClient],
) -> None:
    client = sign_in("admin")
    form = {"text": CHANGED, "seen": "1", "do": "save"}
    assert client.post(f"/programme/{NAME}/edit", data=form).status_code == 303
    mine = {**form, "text": CHANGED + "# mine\n"}
    late = client.post(f"/programme/{NAME}/edit?lang=en", data=mine)
    assert late.status_code == 422
    assert "Version 2 was saved in the meantime" in late.text
    assert "# mine" in _typed(late.text)
    assert client.post(f"/programme/{NAME}/edit", data={**mine, "seen": "2"}).status_code == 303


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_whole_new_programme_comes_in_through_the_editor(
    sign_in: Callable[[str], FlaskClient],
) -> None:
    client = sign_in("admin")
    odd = (FOLDER.parent.parent / "tests" / "rounds" / "odd_programme.yaml").read_text("utf-8")
    answer = client.post("/programme/new", data={"text": odd, "seen": "0", "do": "save"})
    assert answer.location == "/programme/weaving_2568.1"
    assert "รายงานของกลุ่ม" in client.get(answer.location).text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "text", ["", "a: &a [*a]", "[" * 5_000, "x" * 400_000, "\x00", "- 1", TEXT[: len(TEXT) // 2]]
)
def test_nothing_typed_there_is_a_server_error(
    sign_in: Callable[[str], FlaskClient], text: str
) -> None:
    answer = sign_in("admin").post("/programme/new", data={"text": text, "seen": "", "do": "save"})
    assert answer.status_code == 422


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", ["volunteer", "officer", "reviewer", "admin"])
def test_everyone_sees_what_is_due_and_why_a_day_moved(
    sign_in: Callable[[str], FlaskClient], who: str
) -> None:
    page = sign_in(who).get("/rounds?year=2567").text
    assert "แผนการพัฒนาศักยภาพศูนย์เรียนรู้ฯ (แบบ 6)" in page
    assert "ชดเชยวันมาฆบูชา" in page
    for odd in ("0", "9999", "abcd", "๒๕๖๗"):
        assert sign_in(who).get(f"/rounds?year={odd}").status_code == 200
