"""What is other than in the edition before, what came late, and a list without a person."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from app.packets.frozen.changes import changes_since
from app.packets.frozen.content import Counted, Options, Request, canonical, from_json, to_json
from app.packets.frozen.late import late_items
from app.packets.frozen.redact import redacted
from app.packets.frozen.telling import KIND_WORDS, WORDS_MOST, told
from tests.packets.packet_lists import (
    FolderSources,
    make_activity,
    make_assessment,
    make_cell,
    make_centre,
    make_content,
    make_full_content,
    make_photo,
    make_plan_row,
    make_post,
    make_seal,
    make_visit,
)


def test_the_same_list_has_no_changes(sources: FolderSources) -> None:
    content = make_full_content(sources)
    assert changes_since(content, replace(content, edition=2)) == ()


def test_new_changed_and_gone_are_told_apart_by_id_and_version() -> None:
    before = make_content(visits=(make_visit(1), make_visit(2), make_visit(3)))
    after = make_content(visits=(make_visit(1), make_visit(2, version=2, n_male=1), make_visit(4)))

    changes = changes_since(before, after)

    assert [(one.what, one.id[-1], one.kind) for one in changes] == [
        ("changed", "2", "visit"), ("new", "4", "visit"), ("gone", "3", "visit"),
    ]  # fmt: skip
    assert changes[0].words == "ทำกิจกรรม/เอามื้อสามัคคี โรงเรียนบ้านตุ่น (ชมรมเกษตรพอเพียง) 27 คน"
    assert (changes[0].centre_code, changes[0].district_code) == ("5601-001", "5601")


def test_a_file_that_came_a_grade_and_a_report_that_was_accepted_are_changes(
    sources: FolderSources,
) -> None:
    awaited = make_photo(sources, 1, state="awaited")
    before = make_content(
        photos=(awaited,), assessments=(make_assessment(1, decided_grade=None),),
        cells=(make_cell(state="submitted"),),
    )  # fmt: skip
    after = make_content(
        photos=(make_photo(sources, 1),), assessments=(make_assessment(1),),
        cells=(make_cell(state="accepted"),), seals=(make_seal(),),
    )  # fmt: skip
    assert [(one.kind, one.what) for one in changes_since(before, after)] == [
        ("photo", "changed"), ("assessment", "changed"), ("report", "changed"), ("seal", "new"),
    ]  # fmt: skip


def test_a_list_of_the_first_format_can_be_compared_with(sources: FolderSources) -> None:
    content = make_full_content(sources)
    old = from_json(first_format(json.loads(canonical(to_json(content)))))

    assert old.visits[0].leader_name is None
    assert (old.activities, old.cells, old.options) == ((), (), Options())
    kinds = [one.kind for one in changes_since(old, content) if one.what == "new"]
    assert kinds == sorted(kinds, key=list(KIND_WORDS).index)
    assert set(kinds) == set(KIND_WORDS) - {"visit", "followup", "photo", "centre"}


def test_changes_do_not_make_another_list(sources: FolderSources) -> None:
    content = make_full_content(sources)
    other = replace(
        content, edition=9, site="https://other.example", redacts=1,
        changes=changes_since(make_content(), content),
    )  # fmt: skip
    assert other.changes
    assert other.list_sha256 == content.list_sha256


def test_every_record_is_told_in_one_line_however_long_its_words(sources: FolderSources) -> None:
    text = "ข้อมูล\n\u202e" * 20_000
    content = make_full_content(
        sources,
        visits=(make_visit(1, group_name=text),),
        activities=(make_activity(1, title=text),),
        plan_rows=(make_plan_row(1, title=text),),
        photos=(make_photo(sources, 1, caption=text),),
        posts=(make_post(1, title=text),),
    )
    lines = [one.words for one in told(content)]
    assert len(lines) > 10
    assert all(line and len(line) <= WORDS_MOST and "\n" not in line for line in lines)
    assert {one.kind for one in told(content)} == set(KIND_WORDS)


def test_what_came_after_the_quarter_is_late_by_so_many_days(sources: FolderSources) -> None:
    content = make_content(
        visits=(make_visit(1), make_visit(2, received_on=date(2024, 4, 3))),
        photos=(make_photo(sources, 1, received_on=date(2024, 4, 1)),
                make_photo(sources, 2, state="awaited", received_on=None)),
        activities=(make_activity(1, received_on=date(2024, 3, 31)),),
    )  # fmt: skip
    assert [(one.kind, one.days, one.due_on) for one in late_items(content)] == [
        ("visit", 3, date(2024, 3, 31)), ("photo", 1, date(2024, 3, 31)),
    ]  # fmt: skip


def test_a_plan_is_in_time_until_its_report_is_due() -> None:
    """The plan of the first quarter is due in February."""
    first: dict[str, Any] = {
        "quarter": "2567Q1", "first_day": date(2023, 10, 1), "last_day": date(2023, 12, 31),
        "counted": (Counted("plan_item", date(2024, 2, 13)),),
    }  # fmt: skip
    in_time, late = date(2024, 2, 13), date(2024, 2, 14)
    content = make_content(
        **first,
        visits=(make_visit(1, visit_date=date(2023, 12, 1), received_on=in_time),),
        plan_rows=(make_plan_row(1, received_on=in_time), make_plan_row(2, received_on=late)),
        activities=(make_activity(1, received_on=date(2023, 12, 31)),),
    )
    found = late_items(content)
    assert [(one.kind, one.days) for one in found] == [
        ("visit", 44), ("plan_item", 1),
    ]  # fmt: skip


def test_a_report_is_late_after_its_own_day_and_one_that_never_came_is_not() -> None:
    content = make_content(
        cells=(
            make_cell("progress_2", submitted_on=date(2024, 2, 15)),
            make_cell("result", due_on=date(2024, 2, 25), submitted_on=date(2024, 3, 9), edition=2),
            make_cell(
                "progress_3",
                due_on=date(2024, 3, 15),
                first_sent_on=date(2024, 3, 18),
                submitted_on=date(2024, 3, 25),
                edition=2,
                late=True,
            ),
            make_cell("progress_1", state="missing", submitted_on=None, late=True),
        )
    )
    (one,) = late_items(content)
    assert (one.id, one.days, one.day) == ("progress_3/5601", 3, date(2024, 3, 15))


def test_a_redacted_list_has_lost_one_person_and_nothing_else(sources: FolderSources) -> None:
    visits = tuple(
        make_visit(n, has_contact=True, leader_name=f"ครูสมศรี {n}", phone=f"081000000{n}",
                   suggestion=f"โทรหาครูสมศรี {n}")
        for n in (1, 2)
    )  # fmt: skip
    content = make_full_content(sources, visits=visits, options=Options(unmasked=True))
    request = Request("ผู้ดูแล", datetime(2024, 6, 1, tzinfo=UTC), "เจ้าของข้อมูลขอให้ลบ")

    after = redacted(content, [visits[0].id], edition=2, redacts=1, request=request)

    assert "ครูสมศรี 1" not in canonical(to_json(after)).decode()
    assert after.visits[0].n_total == visits[0].n_total
    assert not after.visits[0].has_contact
    own = [check for check in after.followups if check.visit_id == visits[0].id]
    assert own and {(check.reason, check.next_step) for check in own} == {(None, None)}
    others = [c for c in content.followups if c.visit_id != visits[0].id]
    assert [c for c in after.followups if c.visit_id != visits[0].id] == others
    assert replace(
        after, visits=content.visits, followups=content.followups, edition=1, redacts=None,
        requested=content.requested,
    ) == content  # fmt: skip
    assert (after.edition, after.redacts, after.requested) == (2, 1, request)
    assert after.list_sha256 != content.list_sha256
    assert from_json(json.loads(canonical(to_json(after)))) == after


def test_a_redacted_list_can_be_redacted_again_and_twice_is_harmless() -> None:
    content = make_content(
        visits=(make_visit(1, leader_name="ก"), make_visit(2, leader_name="ข")),
        options=Options(unmasked=True),
    )
    same = {"edition": 2, "redacts": 1, "request": content.requested}
    once = redacted(content, [content.visits[0].id], **same)
    assert redacted(once, [content.visits[0].id], **same) == once
    both = redacted(once, [content.visits[1].id], edition=3, redacts=2, request=content.requested)
    assert [visit.leader_name for visit in both.visits] == [None, None]


def test_what_changed_in_a_centres_registration_is_told() -> None:
    before = make_content()
    after = make_content(centres=(make_centre(status="closed"), make_centre(2)))
    assert [(one.kind, one.what) for one in changes_since(before, after)] == [
        ("centre", "changed"), ("centre", "new"),
    ]  # fmt: skip


def first_format(data: dict[str, Any]) -> dict[str, Any]:
    """The same list as it was stored before there were activities, documents and the rest."""
    kept = (
        "scope", "quarter", "first_day", "last_day", "edition", "requested", "programme",
        "centres", "visits", "followups", "photos", "words",
    )  # fmt: skip
    newer = {
        "visits": ("has_contact", "leader_name", "phone"),
        "photos": ("view_bytes", "thumb_sha256", "original_name", "code", "place", "findings",
                   "received_on"),
    }  # fmt: skip
    old: dict[str, Any] = {"format": 1} | {name: data[name] for name in kept}
    for name, fields in newer.items():
        old[name] = [{k: v for k, v in item.items() if k not in fields} for item in old[name]]
    return old
