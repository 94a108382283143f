"""Each form alone: complete, signed by its own district, named by its code."""

from __future__ import annotations

from app.packets.frozen.content import DistrictItem, Options
from app.packets.parts import PartMade
from app.packets.report.attachments import Attachment, attachments
from app.packets.report.front import front_chapters
from tests.packets.packet_lists import (
    FolderSources,
    make_centre,
    make_content,
    make_full_content,
    make_plan_row,
)

NOTHING = (PartMade(0, (), (), 0),)
FORMS = {"plan-6": "๖", "result-7": "๗", "progress-8": "๘"}


def by_name(found: list[Attachment]) -> dict[str, Attachment]:
    """The attachments by their name."""
    return {each.name: each for each in found}


def test_every_district_has_its_three_forms() -> None:
    districts = (DistrictItem("5601", "เมืองพะเยา"), DistrictItem("5602", "จุน"))
    found = by_name(attachments(make_content(districts=districts), NOTHING))
    assert list(found) == [
        f"attachments/{code}/{form}" for code in ("5601", "5602") for form in FORMS
    ]


def test_the_forms_of_some_districts_can_be_had_alone() -> None:
    districts = (DistrictItem("5601", "เมืองพะเยา"), DistrictItem("5602", "จุน"))
    found = by_name(attachments(make_content(districts=districts), NOTHING, ("5602",)))
    assert list(found) == [f"attachments/5602/{form}" for form in FORMS]


def test_a_form_says_which_annex_it_is_of_whom_and_for_when(sources: FolderSources) -> None:
    found = by_name(attachments(make_full_content(sources), NOTHING))
    for form, number in FORMS.items():
        document = found[f"attachments/5601/{form}"].document
        (chapter,) = document["chapters"]
        assert chapter["annex"] == f"สิ่งที่ส่งมาด้วย {number}"
        assert chapter["wide"]
        assert "อำเภอเมืองพะเยา จังหวัดพะเยา" in chapter["under"]
        assert "ไตรมาส ๒ ปีงบประมาณ พ.ศ. ๒๕๖๗" in chapter["under"]
        assert document["author"] == "สำนักงานพัฒนาชุมชนอำเภอเมืองพะเยา จังหวัดพะเยา"
        assert chapter["blocks"][-1] == {
            "kind": "signatures",
            "roles": ["ผู้รายงาน", "พัฒนาการอำเภอเมืองพะเยา", "นายอำเภอเมืองพะเยา"],
        }


def test_a_form_alone_says_the_same_as_in_the_report(sources: FolderSources) -> None:
    content = make_full_content(sources)
    report = front_chapters(content, NOTHING)
    found = by_name(attachments(content, NOTHING))
    for form, title in (("plan-6", "๖)"), ("result-7", "๗)"), ("progress-8", "๘)")):
        (inside,) = (chapter for chapter in report if title in chapter["title"])
        alone = found[f"attachments/5601/{form}"].document["chapters"][0]
        assert alone["blocks"] == inside["blocks"][1:]  # but for the district's heading


def test_a_centres_packet_has_the_forms_of_its_district() -> None:
    content = make_content(plan_rows=(make_plan_row(1),), centres=(make_centre(1),))
    assert by_name(attachments(content, NOTHING)).keys() == {
        f"attachments/5601/{form}" for form in FORMS
    }


def test_digits_are_those_that_were_asked_for(sources: FolderSources) -> None:
    content = make_full_content(sources, options=Options(digits="arabic"))
    for each in attachments(content, NOTHING):
        assert not set(str(each.document)) & set("๐๑๒๓๔๕๖๗๘๙")
