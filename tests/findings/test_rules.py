"""Which questions a photo raises, and that what is ordinary raises none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.findings.evidence import Draft, Earlier, Evidence, Proof
from app.findings.rules import find
from app.photos.phrases import FLAGS, QUIET_FLAGS
from app.rounds.programme import load_programme
from app.shared.geo import Position

LIMITS = load_programme().photos
TAKEN = datetime(2024, 2, 13, 2, 30, tzinfo=UTC)  # 13 Feb 2567, 09.30
RECEIVED = TAKEN + timedelta(hours=5)
HERE = Position(19.15, 100.27, 12.0, 4.0)
SHARP: dict[str, Any] = {
    "sharpness": 0.9, "brightness": 120.0, "contrast": 50.0, "dark_share": 0.1,
    "blown_share": 0.05, "flat_share": 0.0, "screen_sized": False,
}  # fmt: skip

IN_APP = Evidence(
    state="processed", subject_kind="visit", source="camera", captured_at=TAKEN,
    received_at=RECEIVED, record_day=date(2024, 2, 13), flags=frozenset({"exif_none"}),
    band="inside", distance_m=30.0, device=HERE, clock_skew_s=4,
    proof=Proof(True, True, TAKEN - timedelta(hours=20), RECEIVED),
    width=1600, height=1200, measures=SHARP,
)  # fmt: skip
PICKED = replace(
    IN_APP, source="picker", captured_at=RECEIVED, taken_at=TAKEN, device=None, proof=None,
    file=replace(HERE, source="exif", fix_age_s=None), flags=frozenset({"time_zone_assumed"}),
    clock_skew_s=None, camera="vivo 1904",
)  # fmt: skip
STRIPPED = replace(
    PICKED, taken_at=None, file=None, band="unknown", distance_m=None, camera=None,
    flags=frozenset({"exif_none"}),
)  # fmt: skip
OTHER = Earlier(
    UUID(int=7), "same_picture", {"score": 0.97, "overlap_a": 1.0, "overlap_b": 1.0},
    date(2023, 11, 2), UUID(int=1), "ศูนย์อื่น", same_record=False, same_centre=False,
    same_quarter=False, struck_out=False,
)  # fmt: skip


def codes(seen: Evidence) -> list[str]:
    return [draft.code for draft in find(seen, LIMITS)]


def only(seen: Evidence) -> Draft:
    drafts = find(seen, LIMITS)
    assert len(drafts) == 1, [draft.code for draft in drafts]
    return drafts[0]


@pytest.mark.parametrize(
    "seen",
    [
        IN_APP,
        PICKED,
        replace(IN_APP, subject_kind="centre", record_day=None),
        replace(IN_APP, clock_skew_s=-240),  # four minutes: what cheap phones drift
        replace(IN_APP, proof=replace(IN_APP.proof, nonce_at=TAKEN - timedelta(days=3))),
        replace(IN_APP, proof=Proof(False, False, None, RECEIVED)),  # a phone without keys
        replace(IN_APP, received_at=TAKEN + timedelta(days=4)),  # sent when there was a network
        replace(IN_APP, device=replace(HERE, accuracy_m=90.0), distance_m=250.0),
        replace(IN_APP, subject_kind="followup", band="far", distance_m=9_000.0),
        replace(PICKED, flags=frozenset(QUIET_FLAGS)),
    ],
)
def test_what_is_ordinary_raises_nothing(seen: Evidence) -> None:
    assert codes(seen) == []


@pytest.mark.parametrize(
    ("seen", "code", "facts"),
    [
        (replace(IN_APP, band="far", distance_m=2_612.4), "position_far",
         {"distance_m": 2612, "by": "device"}),
        (replace(PICKED, band="near", distance_m=400.0), "position_near",
         {"distance_m": 400, "by": "file"}),
        (replace(PICKED, band="far", distance_m=8e6, file=Position(48.85, 2.35)),
         "position_abroad", {"distance_m": 8_000_000, "by": "file"}),
        (replace(IN_APP, band="unknown", device=None, distance_m=None), "position_unknown",
         {"by": "device"}),
        (replace(PICKED, file=None, band="unknown"), "position_unknown", {"by": "file"}),
        (replace(IN_APP, file=Position(19.2, 100.27)), "position_witnesses", {"distance_m": 5535}),
        (replace(IN_APP, device=replace(HERE, fix_age_s=1500.0)), "position_old", {"age_min": 25}),
        (replace(IN_APP, device=replace(HERE, accuracy_m=900.0)), "position_rough",
         {"accuracy_m": 900, "by": "device"}),
        (replace(IN_APP, record_day=date(2024, 2, 11)), "time_other_day",
         {"taken_day": "2024-02-13", "record_day": "2024-02-11", "days": 2}),
        (replace(PICKED, taken_at=TAKEN - timedelta(days=12)), "time_other_day",
         {"taken_day": "2024-02-01", "record_day": "2024-02-13", "days": 12}),
        (replace(PICKED, taken_at=RECEIVED + timedelta(hours=3)), "time_future",
         {"taken_at": "2024-02-13T10:30:00+00:00", "received_at": "2024-02-13T07:30:00+00:00"}),
        (replace(IN_APP, clock_skew_s=7200, captured_at=TAKEN + timedelta(hours=2)),
         "time_clock_fast", {"skew_min": 120}),
        (replace(IN_APP, clock_skew_s=-7200, captured_at=TAKEN - timedelta(hours=2)),
         "time_clock_slow", {"skew_min": 120}),
        (replace(PICKED, taken_at=None, flags=frozenset()), "time_none", {}),
        (replace(PICKED, flags=frozenset({"time_clock_unset"}), taken_at=TAKEN.replace(year=2000)),
         "time_unset", {}),
        (STRIPPED, "source_stripped", {}),
        (replace(IN_APP, proof=Proof(True, False, None, RECEIVED)), "source_signature", {}),
        (replace(IN_APP, taken_at=TAKEN - timedelta(days=40)), "source_not_fresh",
         {"taken_at": "2024-01-04T02:30:00+00:00", "captured_at": "2024-02-13T02:30:00+00:00"}),
        (replace(PICKED, width=320, height=240), "quality_small", {"width": 320, "height": 240}),
        (replace(STRIPPED, file_name="Screenshot_20240213-093000.png"), "quality_screenshot", {}),
        (replace(STRIPPED, media_type="image/png", measures=SHARP | {"screen_sized": True}),
         "quality_screenshot", {}),
        (replace(STRIPPED, measures=SHARP | {"screen_sized": True, "flat_share": 0.4}),
         "quality_screenshot", {}),
        (replace(IN_APP, measures=SHARP | {"sharpness": 0.01}), "quality_blurred",
         {"measured": 0.01}),
        (replace(IN_APP, measures=SHARP | {"dark_share": 0.97, "sharpness": 0.0}), "quality_dark",
         {"measured": 0.97}),
        (replace(IN_APP, measures=SHARP | {"blown_share": 0.8}), "quality_blown",
         {"measured": 0.8}),
        (replace(IN_APP, measures=SHARP | {"contrast": 2.0, "sharpness": 0.0}), "quality_flat",
         {"measured": 2.0}),
        (replace(STRIPPED, state="unreadable", trouble="damaged"), "file_unreadable",
         {"trouble": "damaged"}),
    ],
)  # fmt: skip
def test_one_cause_gives_one_question_with_its_figures(
    seen: Evidence, code: str, facts: dict[str, object]
) -> None:
    draft = only(seen)
    assert (draft.code, dict(draft.facts)) == (code, facts)


def test_a_phone_whose_clock_is_wrong_by_a_known_time_is_not_asked_about_the_day() -> None:
    """Its clock says tomorrow; the server knows by how much it is wrong."""
    seen = replace(IN_APP, captured_at=TAKEN + timedelta(days=1), clock_skew_s=86_400)
    assert codes(seen) == ["time_clock_fast"]


def test_a_photo_said_to_be_older_than_the_number_it_was_signed_with_is_asked_about() -> None:
    early = TAKEN - timedelta(hours=30)
    seen = replace(IN_APP, captured_at=early, record_day=date(2024, 2, 12), clock_skew_s=None)
    assert codes(seen) == ["time_bracket"]


def test_a_bracket_of_two_weeks_is_worth_a_remark() -> None:
    proof = Proof(True, True, RECEIVED - timedelta(days=14), RECEIVED)
    assert only(replace(IN_APP, proof=proof)).facts["days"] == 14


def test_a_picked_photos_signature_says_nothing_of_when_it_was_taken() -> None:
    proof = Proof(True, True, RECEIVED - timedelta(minutes=5), RECEIVED)
    assert codes(replace(PICKED, proof=proof)) == []


@pytest.mark.parametrize("flag", sorted(set(FLAGS) - QUIET_FLAGS))
def test_every_flag_that_asks_something_becomes_a_question(flag: str) -> None:
    judged_anew = {"positions_differ", "taken_in_future", "taken_other_day", "same_bytes"}
    without_place = flag.startswith("gps_") and flag in {
        "gps_empty", "gps_zero", "gps_malformed", "gps_no_hemisphere", "gps_out_of_range",
    }  # fmt: skip
    seen = replace(PICKED, flags=frozenset({flag}))
    if without_place:
        seen = replace(seen, file=None, band="unknown", distance_m=None)
    if flag == "gps_outside_thailand":
        seen = replace(seen, file=Position(48.85, 2.35), band="far", distance_m=8e6)
    if flag == "exif_none":
        seen = STRIPPED
    if flag == "time_invalid":
        seen = replace(seen, taken_at=None)
    assert bool(codes(seen)) is (flag not in judged_anew)


def test_what_the_file_says_of_its_position_does_not_matter_beside_the_phones_own() -> None:
    seen = replace(IN_APP, flags=frozenset({"gps_zero", "gps_void", "gps_imprecise"}))
    assert codes(seen) == []


def test_a_copy_from_another_centre_is_asked_about_with_what_was_done_to_it() -> None:
    likeness = {"score": 0.9, "mirrored": True, "turned_deg": -90.2, "overlap_a": 0.81,
                "overlap_b": 0.9, "recoloured": True}  # fmt: skip
    draft = only(replace(IN_APP, earlier=(replace(OTHER, likeness=likeness),)))
    assert (draft.code, draft.about) == ("reuse_picture", str(OTHER.photo_id))
    assert {"mirrored": True, "turned_deg": -90, "kept_share": 0.81, "added_share": 0.1,
            "recoloured": True}.items() <= draft.facts.items()  # fmt: skip


def test_of_many_copies_three_are_asked_about_those_elsewhere_first() -> None:
    own = [replace(OTHER, photo_id=UUID(int=20 + n), same_centre=True) for n in range(4)]
    seen = replace(IN_APP, earlier=(*own, OTHER))
    asked = find(seen, LIMITS)
    assert asked[0].about == str(OTHER.photo_id)
    assert (len(asked), asked[0].facts["copies"]) == (3, 5)


def test_the_same_picture_twice_in_one_record_is_a_slip_and_said_once() -> None:
    twice = replace(OTHER, kind="same_bytes", likeness={}, same_record=True, same_centre=True)
    again = replace(twice, photo_id=UUID(int=9))
    assert codes(replace(IN_APP, earlier=(twice, again))) == ["reuse_twice"]


def test_a_photo_struck_out_and_sent_again_into_its_record_is_a_correction() -> None:
    earlier = replace(OTHER, same_record=True, same_centre=True, struck_out=True)
    assert codes(replace(IN_APP, earlier=(earlier,))) == []


def test_a_struck_out_photo_of_another_record_is_still_asked_about() -> None:
    draft = only(replace(IN_APP, earlier=(replace(OTHER, struck_out=True),)))
    assert draft.facts["struck_out"] is True
