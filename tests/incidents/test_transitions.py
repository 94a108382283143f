"""An incident from its first entry to its end: what may follow what, who may, and the deadline."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.incidents import letter_routes, routes
from app.incidents.models import IncidentStep
from app.shared.db import db
from tests.conftest import NOW
from tests.incidents.register import REASON, Register, facts, open_one

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], datetime]:
    """Put the register's clock so many hours after `NOW`."""

    def put(hours: float) -> datetime:
        instant = NOW + timedelta(hours=hours)
        for module in (routes, letter_routes):
            monkeypatch.setattr(module, "now", lambda: instant)
        return instant

    put(0)
    return put


def test_from_the_first_entry_to_the_end_every_act_is_a_step_and_is_audited(
    app: Flask, sign_in: SignIn, at: Callable[[float], datetime]
) -> None:
    one = open_one(app, sign_in("officer"), NOW)
    at(1)
    assert one.act("notes", words="โทรแจ้งผู้รับให้ลบอีเมลแล้ว") == 303
    at(2)
    assert one.judge("high") == 303
    assert one.told("office", at(3)) == 303
    assert one.told("people", at(4)) == 303
    at(5)
    assert one.act("close", reason="แจ้งครบถ้วนและผู้รับลบแล้ว") == 303
    at(6)
    assert one.act("reopen", reason="พบว่ายังมีสำเนาอีกชุดหนึ่ง") == 303
    done = ["opened", "noted", "judged", "told_office", "told_people", "closed", "reopened"]
    assert one.steps() == done
    assert one.audited() == [f"incident.{action}" for action in done]
    kept = one.now()
    assert (kept.told_office_at, kept.told_people_at, kept.closed_at) == (
        NOW + timedelta(hours=3), NOW + timedelta(hours=4), None,
    )  # fmt: skip


ENDS = (  # risk, who was told, whether it closes
    (None, (), False), ("none", (), True), ("some", (), False), ("some", ("office",), True),
    ("high", ("office",), False), ("high", ("people",), False),
    ("high", ("office", "people"), True),
)  # fmt: skip


def test_it_closes_once_the_risk_is_judged_and_whoever_must_know_was_told(
    app: Flask,
    sign_in: SignIn,
    at: Callable[[float], datetime],
) -> None:
    officer = sign_in("officer")
    for risk, told, closes in ENDS:
        one = open_one(app, officer, NOW)
        if risk:
            one.judge(risk)
        for whom in told:
            assert one.told(whom, NOW) == 303
        officer.get("/incidents")  # takes what was said so far
        assert one.act("close", reason=REASON) == 303
        assert (one.now().closed_at is not None) == closes, (risk, told)
        assert ("flash--error" in one.page()) == (not closes), (risk, told)


def test_a_closed_one_takes_nothing_until_it_is_opened_again(
    app: Flask, sign_in: SignIn, at: Callable[[float], datetime]
) -> None:
    one = open_one(app, sign_in("officer"), NOW)
    one.judge("none")
    one.act("close", reason=REASON)
    one.judge("high")
    one.told("office", NOW)
    one.act("edit", **facts(NOW, what="อย่างอื่น"))
    one.act("close", reason=REASON)  # twice is harmless
    assert one.steps() == ["opened", "judged", "closed"]
    assert one.now().what == "ส่งรายชื่อทางอีเมลผิดคน"
    assert "เหตุนี้ปิดแล้ว" in one.page()
    one.act("reopen", reason=REASON)
    one.judge("high")
    assert one.now().risk == "high"


def test_a_correction_says_what_changed_and_keeps_what_stood_there(
    app: Flask, sign_in: SignIn, at: Callable[[float], datetime]
) -> None:
    one = open_one(app, sign_in("officer"), NOW)
    assert one.act("edit", **facts(NOW, n_people="40")) == 303
    assert one.act("edit", **facts(NOW, n_people="40")) == 303  # the same again is no step
    assert one.steps() == ["opened", "corrected"]
    with app.app_context():
        (step,) = db.session().query(IncidentStep).filter_by(action="corrected")
        assert step.facts == {"before": {"n_people": 1234}}
    assert "เจ้าของข้อมูล (คน)" in one.page().split("แก้ไข")[-1]


REFUSED: tuple[tuple[str, dict[str, object]], ...] = (
    ("notes", {"words": "สั้น"}), ("judge", {"risk": "high", "reason": "สั้น"}),
    ("judge", {"risk": "unknown", "reason": REASON}), ("close", {"reason": ""}),
    ("notes", {"words": "เลขบัตรประชาชน 1101700230678"}),
    ("told/office", {"office-told_time": "14:30"}),
)  # fmt: skip


def test_an_act_without_its_reason_or_its_day_is_refused_beside_its_box(
    app: Flask,
    sign_in: SignIn,
    at: Callable[[float], datetime],
) -> None:
    one = open_one(app, sign_in("officer"), NOW)
    for name, data in REFUSED:
        answer = one.client.post(f"/incidents/{one.id}/{name}", data=data)
        assert (answer.status_code, "field__errors" in answer.text) == (422, True), name
    assert one.steps() == ["opened"]


def test_nobody_is_told_tomorrow(
    app: Flask, sign_in: SignIn, at: Callable[[float], datetime]
) -> None:
    one = open_one(app, sign_in("officer"), NOW)
    assert one.told("office", NOW + timedelta(hours=1)) == 422
    assert one.now().told_office_at is None


def test_the_page_and_the_register_follow_the_clock_across_the_deadline(
    app: Flask, sign_in: SignIn, at: Callable[[float], datetime]
) -> None:
    officer = sign_in("officer")
    one = open_one(app, officer, NOW)
    for hours, says in ((0, "เหลือ 72 ชั่วโมง"), (71, "เหลือ 1 ชั่วโมง"), (72, "เหลือ 0 ชั่วโมง")):
        at(hours)
        assert says in one.page(), hours
        assert says in officer.get("/incidents").text
    at(72.5)
    assert "เกินกำหนด 1 ชั่วโมง" in one.page()
    assert "4 ก.พ. 2567 10.00 น." in one.page()  # 72 hours after 1 February 2567, 10.00
    assert "ล่าช้ากว่า 72 ชั่วโมง" in officer.get(f"/incidents/{one.id}/letter").text
    one.told("office", at(73))
    assert "ล่าช้า" in one.page()  # told, and late stays a fact
    assert "เกินกำหนด" not in officer.get("/incidents").text


def test_in_time_the_letter_asks_for_no_excuse(
    app: Flask, sign_in: SignIn, at: Callable[[float], datetime]
) -> None:
    one = open_one(app, sign_in("officer"), NOW)
    at(71)
    assert "ล่าช้ากว่า 72 ชั่วโมง" not in one.client.get(f"/incidents/{one.id}/letter").text


ACTS = ("edit", "notes", "judge", "told/office", "told/people", "close", "reopen")


WHO = {"volunteer": 404, "other_officer": 404, "reviewer": 422, "admin": 422}


def test_the_district_the_province_and_nobody_else_acts_on_it(
    app: Flask,
    sign_in: SignIn,
    at: Callable[[float], datetime],
) -> None:
    """Asked without a word in any box: whoever may is told what is missing (422)."""
    one = open_one(app, sign_in("officer"), NOW)
    for who, status in WHO.items():
        theirs = Register(app, sign_in(who), one.id)
        answers = {name: theirs.act(name, kind="") for name in ACTS}
        assert set(answers.values()) == {status}, (who, answers)
        seen = 200 if status == 422 else 404
        for path in ("", "/edit", "/letter", "/letter.docx"):
            assert theirs.client.get(f"/incidents/{one.id}{path}").status_code == seen, (who, path)
    assert one.steps() == ["opened"]


def test_the_provinces_own_incident_is_not_the_districts(
    app: Flask, sign_in: SignIn, at: Callable[[float], datetime]
) -> None:
    one = open_one(app, sign_in("admin"), NOW, area_code="56")
    officer = sign_in("officer")
    assert officer.get(f"/incidents/{one.id}").status_code == 404
    assert f"/incidents/{one.id}" not in officer.get("/incidents").text
    refused = officer.post("/incidents/new", data=facts(NOW, area_code="56"))
    assert refused.status_code == 422  # and none is entered above one's own district


def test_each_box_of_the_page_has_a_label_of_its_own(
    app: Flask, sign_in: SignIn, at: Callable[[float], datetime]
) -> None:
    """Six forms stand on one page: the same id twice would tie a label to another form's box."""
    page = open_one(app, sign_in("officer"), NOW).page()
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), sorted({each for each in ids if ids.count(each) > 1})
    assert set(re.findall(r'<label[^>]*\sfor="([^"]+)"', page)) <= set(ids)
