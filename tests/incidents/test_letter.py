"""The notification to the Commission: on the page, as a DOCX, and the words for the people."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import docx
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.incidents import letter_routes, routes
from app.incidents.letter import to_people
from app.incidents.models import INCIDENT_KINDS, Incident
from app.notices.service import ControllerFacts
from tests.conftest import NOW
from tests.incidents.register import REASON, Register, open_one

SignIn = Callable[[str], FlaskClient]
OFFICE = ControllerFacts(
    name="สำนักงานพัฒนาชุมชนจังหวัดพะเยา", address="ศาลากลาง", phone="0-5444-5544",
    dpo_name="นิติกรประจำสำนักงาน", hosted_at="ศาลากลาง",
)  # fmt: skip


@pytest.fixture
def one(app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> Register:
    """A judged incident of 1 February 2567, 10.00, looked at an hour later."""
    for module in (routes, letter_routes):
        monkeypatch.setattr(module, "now", lambda: NOW + timedelta(hours=1))
    made = open_one(app, sign_in("officer"), NOW)
    made.judge("none", "เดิมเห็นว่าไม่มีความเสี่ยง")
    made.judge("high")
    return made


def _lines_of_page(one: Register) -> list[str]:
    page = one.client.get(f"/incidents/{one.id}/letter").text
    found = re.search(r'<article class="letter" lang="th">(.*?)</article>', page, re.DOTALL)
    assert found
    text = unescape(re.sub(r"<[^>]+>", "\n", found[1]))
    return [line.strip() for line in text.split("\n") if line.strip()]


def _docx(one: Register) -> docx.document.Document:
    answer = one.client.get(f"/incidents/{one.id}/letter.docx")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return docx.Document(io.BytesIO(answer.data))


def test_the_letter_says_each_point_the_commission_asks_for(one: Register) -> None:
    text = "\n".join(_lines_of_page(one))
    for said in (
        "เรียน เลขาธิการคณะกรรมการคุ้มครองข้อมูลส่วนบุคคล",
        "มาตรา 37 (4)",
        "พระราชบัญญัติคุ้มครองข้อมูลส่วนบุคคล พ.ศ. 2562",
        "ทราบเหตุ วันที่ 1 กุมภาพันธ์ 2567 เวลา 10.00 น.",
        "ครบกำหนด 72 ชั่วโมง วันที่ 4 กุมภาพันธ์ 2567 เวลา 10.00 น.",
        "ข้อมูลถูกส่งไปยังผู้ที่ไม่มีสิทธิได้รับ พื้นที่ อ.ปง",
        "ส่งรายชื่อทางอีเมลผิดคน",
        "ประเภทข้อมูล: ชื่อและนามสกุล, หมายเลขโทรศัพท์",
        "จำนวนเจ้าของข้อมูลส่วนบุคคลโดยประมาณ: 1,234 คน",
        "จำนวนรายการข้อมูลโดยประมาณ: 1,300 รายการ",
        "อาจถูกโทรรบกวน",
        "มีความเสี่ยงสูงที่จะมีผลกระทบต่อสิทธิและเสรีภาพของบุคคล",
        f"เหตุผล: {REASON}",
        "ขอให้ผู้รับลบอีเมลแล้ว",
        "โดยไม่ชักช้า",
    ):
        assert said in text, said
    assert "เดิมเห็นว่า" not in text  # the last judgement counts
    assert "2024" not in text and "None" not in text


def test_what_nobody_knows_yet_is_said_so(app: Flask, sign_in: SignIn) -> None:
    bare = {"n_people": "", "n_records": "", "data_kinds": [], "consequences": "", "measures": ""}
    one = open_one(app, sign_in("officer"), NOW, **bare)
    text = "\n".join(_lines_of_page(one))
    assert text.count("อยู่ระหว่างการตรวจสอบ") == 6  # when, kinds, people, records, effects, measures
    assert "อยู่ระหว่างการประเมิน" in text


def test_the_docx_opens_and_holds_the_same_words_in_the_same_order(one: Register) -> None:
    letter = _docx(one)
    numbered = [p.text for p in letter.paragraphs if p.text.strip()]
    unnumbered = [re.sub(r"^\d+\. ", "", line) for line in numbered]
    assert unnumbered == _lines_of_page(one)
    heads = [line for line in numbered if re.match(r"\d+\. ", line)]
    assert [int(head.split(".")[0]) for head in heads] == list(range(1, 9))
    assert letter.core_properties.language == "th-TH"
    assert {p.style.name for p in letter.paragraphs} <= {s.name for s in letter.styles}


def test_the_same_facts_give_the_same_file(one: Register) -> None:
    path = f"/incidents/{one.id}/letter.docx"
    assert one.client.get(path).data == one.client.get(path).data


def test_the_letter_is_thai_whatever_language_its_reader_chose(one: Register) -> None:
    before = _lines_of_page(one)
    one.client.set_cookie("lang", "en")
    assert _lines_of_page(one) == before


@pytest.mark.parametrize("kind", INCIDENT_KINDS)
def test_the_people_get_a_whole_thai_sentence_whatever_happened(kind: str) -> None:
    incident = Incident(
        kind=kind, area_code="5606", what="x", aware_at=NOW, data_kinds=["phone", "name"],
        consequences="อาจถูกโทรรบกวน", measures="แก้ไขแล้ว",
    )  # fmt: skip
    message = to_people(incident, OFFICE)
    assert "วันที่ 1 กุมภาพันธ์ 2567" in message
    assert "ซึ่งมีชื่อ นามสกุล และหมายเลขโทรศัพท์ของท่านอยู่ด้วย" in message
    assert re.search("ขอแจ้งว่า(โทรศัพท์|ข้อมูล|มีผู้|เกิดเหตุ)", message)
    assert "นิติกรประจำสำนักงาน โทรศัพท์ 0-5444-5544" in message
    assert "None" not in message
