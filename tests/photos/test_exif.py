"""What a file says of itself: read exactly where it can be, never believed beyond that."""

from __future__ import annotations

import math
import random
import re
import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.photos import exif as exif_module
from app.photos.exif import PhotoFacts, read_facts
from app.photos.moment import TAKEN_SOURCES
from app.photos.phrases import FLAGS
from tests.photos import makers
from tests.photos.makers import INK, PHAYAO_LAT, PHAYAO_LON, Ink, Tag, exif

NOWHERE = (None, None)
PHAYAO = (19.166423, 99.900416)


def facts_of(*blocks: bytes) -> PhotoFacts:
    return read_facts("image/jpeg", blocks)


def place_of(*gps: Tag) -> tuple[tuple[float | None, float | None], tuple[str, ...]]:
    found = facts_of(exif(gps=gps))
    return (found.exif_lat, found.exif_lon), found.flags


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("north_south", "east_west", "signs"),
    [("N", "E", (1, 1)), ("S", "E", (-1, 1)), ("N", "W", (1, -1)), ("S", "W", (-1, -1)),
     ("n", "e", (1, 1)), ("s", "w", (-1, -1))],
)  # fmt: skip
def test_a_position_is_right_in_every_hemisphere_and_byte_order(
    order, north_south, east_west, signs
):
    ink = Ink(order)
    block = exif(gps=ink.place(PHAYAO_LAT, north_south, PHAYAO_LON, east_west), order=order)

    found = facts_of(block)

    assert found.exif_lat == pytest.approx(signs[0] * (19 + 9 / 60 + 59.1234 / 3600), abs=1e-9)
    assert found.exif_lon == pytest.approx(signs[1] * (99 + 54 / 60 + 1.5 / 3600), abs=1e-9)


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        (((19_166_423, 1_000_000), (0, 1), (0, 1)), ((99_900_416, 1_000_000), (0, 1), (0, 1))),
        (((19, 1), (998_538, 100_000), (0, 1)), ((99, 1), (5_402_496, 100_000), (0, 1))),
    ],
    ids=["decimal degrees", "decimal minutes"],
)
def test_decimals_may_stand_in_degrees_or_in_minutes(lat, lon):
    (found_lat, found_lon), _flags = place_of(*INK.place(lat, "N", lon, "E"))

    assert found_lat == pytest.approx(19.166423, abs=1e-6)
    assert found_lon == pytest.approx(99.900416, abs=1e-6)


ZEROS = ((0, 0),) * 3


@pytest.mark.parametrize(
    ("gps", "flag"),
    [
        (INK.place(ZEROS, "N", ZEROS, "E"), "gps_empty"),
        (INK.place(((19, 0), (9, 1), (0, 1)), "N", PHAYAO_LON, "E"), "gps_empty"),
        (INK.place(((0, 1),) * 3, "N", ((0, 1),) * 3, "E"), "gps_zero"),
        (INK.place(((0, 1),) * 3, "", ((0, 1),) * 3, ""), "gps_zero"),
        (INK.place(((91, 1), (0, 1), (0, 1)), "N", PHAYAO_LON, "E"), "gps_out_of_range"),
        (INK.place(PHAYAO_LAT, "N", ((181, 1), (0, 1), (0, 1)), "E"), "gps_out_of_range"),
        (INK.place(((19, 1), (75, 1), (0, 1)), "N", PHAYAO_LON, "E"), "gps_out_of_range"),
        (INK.place(((19, 1), (9, 1), (75, 1)), "N", PHAYAO_LON, "E"), "gps_out_of_range"),
        (INK.place(((2**32 - 1, 1), (0, 1), (0, 1)), "N", PHAYAO_LON, "E"), "gps_out_of_range"),
        (INK.place(PHAYAO_LON, "N", PHAYAO_LAT, "E"), "gps_out_of_range"),
        (INK.place(PHAYAO_LAT, "", PHAYAO_LON, ""), "gps_no_hemisphere"),
        (INK.place(PHAYAO_LAT, "\0", PHAYAO_LON, "E"), "gps_no_hemisphere"),
        (INK.place(PHAYAO_LAT, "E", PHAYAO_LON, "N"), "gps_no_hemisphere"),
        ([INK.ratio(makers.LAT, *PHAYAO_LAT), INK.ratio(makers.LON, *PHAYAO_LON)],
         "gps_no_hemisphere"),
        (INK.place((*PHAYAO_LAT, (1, 1)), "N", PHAYAO_LON, "E"), "gps_malformed"),
        ([*INK.place(PHAYAO_LAT, "N", PHAYAO_LON, "E")[:2]], "gps_malformed"),
        ([INK.text(makers.LAT_REF, "N"), INK.signed_ratio(makers.LAT, (-19, 1), (9, 1), (0, 1)),
          INK.text(makers.LON_REF, "E"), INK.ratio(makers.LON, *PHAYAO_LON)], "gps_malformed"),
        ([INK.text(makers.LAT_REF, "N"), INK.text(makers.LAT, "somewhere"),
          INK.text(makers.LON_REF, "E"), INK.ratio(makers.LON, *PHAYAO_LON)], "gps_empty"),
        ([INK.text(makers.LAT_REF, "N"), INK.double(makers.LAT, math.nan, 9.0, 1.0),
          INK.text(makers.LON_REF, "E"), INK.double(makers.LON, 99.0, math.inf, 1.0)],
         "gps_empty"),
    ],
)  # fmt: skip
def test_half_a_position_is_none_and_says_so(gps, flag):
    position, flags = place_of(*gps)

    assert position == NOWHERE
    assert flag in flags


@pytest.mark.parametrize(
    ("more", "flag"),
    [
        (INK.text(makers.GPS_STATUS, "V"), "gps_void"),
        (INK.ratio(makers.GPS_ERROR, (5_000, 1)), "gps_imprecise"),
        (INK.ratio(makers.GPS_DOP, (50, 1)), "gps_imprecise"),
    ],
)
def test_a_doubtful_position_is_kept_and_flagged(more, flag):
    position, flags = place_of(*makers.PHAYAO, more)

    assert position != NOWHERE
    assert flag in flags


def test_a_place_abroad_is_kept_and_flagged():
    vienna = INK.place(((48, 1), (12, 1), (0, 1)), "N", ((16, 1), (22, 1), (0, 1)), "E")

    position, flags = place_of(*vienna)

    assert position == pytest.approx((48.2, 16.366667), abs=1e-6)
    assert "gps_outside_thailand" in flags


def test_an_ordinary_position_raises_no_question():
    _position, flags = place_of(*makers.PHAYAO)

    assert flags == ()


def test_doubles_are_read_like_ratios():
    gps = [
        INK.text(makers.LAT_REF, "N"), INK.double(makers.LAT, 19.0, 9.0, 59.1234),
        INK.text(makers.LON_REF, "E"), INK.double(makers.LON, 99.0, 54.0, 1.5),
    ]  # fmt: skip

    assert place_of(*gps)[0] == pytest.approx((19.1664231667, 99.9004166667), abs=1e-9)


def taken(*tags: Tag, main: list[Tag] | None = None, gps: list[Tag] | None = None) -> PhotoFacts:
    return facts_of(exif(main or [], tags, gps or []))


def test_a_time_with_its_zone_is_that_instant():
    found = taken(
        INK.text(makers.TAKEN, "2024:02:13 09:30:00"), INK.text(makers.ZONE_TAKEN, "+09:00")
    )

    assert found.taken_at == datetime(2024, 2, 13, 0, 30, tzinfo=UTC)
    assert (found.taken_source, found.flags) == ("exif", ())


@pytest.mark.parametrize("zone", ["", "07:00", "+25:00", "+7", "??:??"])
def test_a_time_without_a_usable_zone_is_thai_and_says_so(zone):
    found = taken(INK.text(makers.TAKEN, "2024:02:13 09:30:00"), INK.text(makers.ZONE_TAKEN, zone))

    assert found.taken_at == datetime(2024, 2, 13, 2, 30, tzinfo=UTC)
    assert (found.taken_source, found.flags) == ("exif_bangkok", ("time_zone_assumed",))


@pytest.mark.parametrize("written", ["2567:02:29 09:30:00", "๒๕๖๗:๐๒:๒๙ ๐๙:๓๐:๐๐"])
def test_a_buddhist_year_is_converted_and_flagged(written):
    found = taken(INK.text(makers.TAKEN, written))

    assert found.taken_at == datetime(2024, 2, 29, 2, 30, tzinfo=UTC)
    assert "time_buddhist_year" in found.flags


@pytest.mark.parametrize(
    "written",
    [
        "0000:00:00 00:00:00",
        "1999:99:99 99:99:99",
        "2024:13:01 10:00:00",
        "2024:02:30 10:00:00",
        "2024:02:13 24:00:00",
        "2024:02:13 10:61:00",
        "1899:12:31 23:59:59",
        "9999:99:99",
        "yesterday, about noon",
        "2024:02:13 10:00:00" + "0" * 5_000,
    ],
)
def test_a_time_that_does_not_exist_is_none_and_flagged(written):
    found = taken(INK.text(makers.TAKEN, written))

    assert (found.taken_at, found.taken_source) == (None, "none")
    assert "time_invalid" in found.flags


@pytest.mark.parametrize("written", ["", "    :  :     :  :  ", "\0\0\0"])
def test_a_time_left_blank_is_none_without_a_question(written):
    found = taken(INK.text(makers.TAKEN, written))

    assert (found.taken_at, found.flags) == (None, ())


def test_a_far_future_is_kept_for_the_judge():
    assert taken(INK.text(makers.TAKEN, "2099:01:01 00:00:00")).taken_at is not None


def gps_time(day: str, *clock: tuple[int, int]) -> list[Tag]:
    return [INK.text(makers.GPS_DAY, day), INK.ratio(makers.GPS_CLOCK, *clock)]


def test_satellites_tell_the_time_where_the_camera_does_not():
    found = taken(INK.text(makers.TAKEN, " "), gps=gps_time("2024:02:13", (2, 1), (30, 1), (5, 1)))

    assert found.taken_at == datetime(2024, 2, 13, 2, 30, 5, tzinfo=UTC)
    assert found.taken_source == "gps"


def test_a_camera_clock_that_differs_from_the_satellites_is_flagged():
    gps = gps_time("2024:02:14", (2, 1), (30, 1), (5, 1))

    found = taken(INK.text(makers.TAKEN, "2024:02:13 09:30:00"), gps=gps)

    assert found.taken_at == datetime(2024, 2, 13, 2, 30, tzinfo=UTC)
    assert "time_gps_differs" in found.flags


@pytest.mark.parametrize(
    "gps",
    [
        gps_time("2014:09:259", (2, 1), (30, 1), (5, 1)),
        gps_time("2024:02:13", (2, 0), (30, 1), (5, 1)),
        gps_time("2024:02:13", (4_000_000_000, 1), (30, 1), (5, 1)),
        gps_time("2024:02:13", (2, 1)),
    ],
)
def test_a_damaged_satellite_time_is_no_witness(gps):
    found = taken(INK.text(makers.TAKEN, "2024:02:13 09:30:00"), gps=gps)

    assert "time_gps_differs" not in found.flags


def test_the_last_change_tells_the_time_only_when_nothing_else_does():
    found = taken(main=[INK.text(makers.CHANGED, "2024:02:15 10:00:00")])

    assert (found.taken_source, found.taken_at) == (
        "exif_changed", datetime(2024, 2, 15, 3, 0, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_valid_orientation_is_kept(orientation):
    assert facts_of(exif([INK.short(makers.ORIENTATION, orientation)])).orientation == orientation


@pytest.mark.parametrize(
    "tag",
    [
        INK.short(makers.ORIENTATION, 0),
        INK.short(makers.ORIENTATION, 9),
        INK.short(makers.ORIENTATION, 65_535),
        INK.short(makers.ORIENTATION, 6, 6),
        INK.text(makers.ORIENTATION, "6"),
        INK.ratio(makers.ORIENTATION, (6, 0)),
    ],
)
def test_any_other_orientation_is_upright(tag):
    assert facts_of(exif([tag])).orientation == 1


def test_the_camera_is_named_once_and_without_tricks():
    def camera(make: str, model: str) -> str | None:
        tags = [INK.text(makers.MAKE, make), INK.text(makers.MODEL, model)]
        return facts_of(exif(tags)).camera

    assert camera("Canon", "Canon EOS 90D") == "Canon EOS 90D"
    assert camera("OPPO\u202e", "A\x0778\n") == "OPPO A78"
    assert camera("", "") is None
    assert camera("NIKON CORPORATION", "NIKON  D70") == "NIKON D70"
    assert len(camera("M" * 5_000, "x") or "") <= 80


def test_direction_is_kept_only_on_the_compass():
    def direction(value: tuple[int, int]) -> float | None:
        return facts_of(exif(gps=[INK.ratio(makers.DIRECTION, value)])).direction_deg

    assert direction((2705, 10)) == 270.5
    assert direction((400, 1)) is None
    assert direction((0, 0)) is None
    assert direction((1, 0)) is None


def test_two_descriptions_are_flagged_and_the_later_one_counts():
    first = exif(taken=makers.MORNING, gps=makers.PHAYAO)
    second = exif(gps=INK.place(((18, 1), (0, 1), (0, 1)), "N", PHAYAO_LON, "E"))

    found = facts_of(first, second)

    assert found.exif_lat == 18
    assert found.taken_at == datetime(2024, 2, 13, 2, 30, tzinfo=UTC)
    assert "exif_twice" in found.flags


def test_one_bad_tag_costs_only_itself():
    bad = Tag(0x9286 + 1, makers.DOUBLE, 1, struct.pack("<d", 1.0))
    block = exif([INK.text(makers.MAKE, "Camera")], makers.MORNING, makers.PHAYAO)
    pointed_away = bytearray(exif([bad, INK.text(makers.MAKE, "Camera")], [], makers.PHAYAO))
    pointed_away[10 + 8 : 10 + 12] = b"\xff\xff\xff\x7f"  # the value lies past the end

    assert facts_of(block).exif_lat == pytest.approx(19.166423, abs=1e-6)
    assert facts_of(bytes(pointed_away)).exif_lat == pytest.approx(19.166423, abs=1e-6)


def loop_to_itself() -> bytes:
    """The GPS folder is the main folder, which holds the pointer to the GPS folder."""
    return b"II*\0\x08\0\0\0" + struct.pack("<HHHII", 1, makers.GPS_IFD, 4, 1, 8) + b"\x08\0\0\0"


def folder_of(entries: bytes, count: int) -> bytes:
    return b"II*\0\x08\0\0\0" + struct.pack("<H", count) + entries


HOSTILE = {
    "empty": b"",
    "not tiff": b"xx*\0\x08\0\0\0",
    "first folder past the end": b"II*\0\xff\xff\xff\x7f",
    "folder loop": loop_to_itself(),
    "65535 pointers into one another": folder_of(
        struct.pack("<HHII", makers.GPS_IFD, 4, 1, 8) * 5_000, 65_535
    ),
    "a billion values": folder_of(struct.pack("<HHII", 0x9000, 3, 10**9, 8), 1),
    "long texts, all the same": folder_of(
        struct.pack("<HHII", 0x9000, 2, 4_000_000, 8) * 5_000, 5_000
    ) + b"A" * 3_000_000,
    "a text of 4 GB": folder_of(struct.pack("<HHII", makers.MAKE, 2, 2**32 - 1, 8), 1),
    "999 values, a thousand times": folder_of(
        b"".join(struct.pack("<HHII", 0x9000 + i, 5, 999, 8) for i in range(1_000)), 1_000
    ),
    "unknown types": folder_of(b"".join(struct.pack("<HHII", 1, t, 1, 8) for t in range(60)), 60),
    "cut off": exif([INK.text(makers.MAKE, "Camera")], makers.MORNING, makers.PHAYAO)[:40],
}  # fmt: skip


@pytest.mark.parametrize("block", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_descriptions_end_without_an_answer_and_without_an_error(block):
    found = facts_of(block)

    assert (found.exif_lat, found.taken_at) == (None, None)


def test_noise_never_raises():
    chance = random.Random(5)
    good = exif(
        [INK.text(makers.MAKE, "Camera"), INK.short(makers.ORIENTATION, 6)],
        makers.MORNING,
        [*makers.PHAYAO, *gps_time("2024:02:13", (2, 1), (30, 1), (5, 1))],
    )
    for _ in range(500):
        block = bytearray(good)
        for _ in range(chance.randrange(1, 8)):
            block[chance.randrange(2, len(block))] = chance.randrange(256)
        found = facts_of(bytes(block))
        for number in (found.exif_lat, found.exif_lon, found.direction_deg):
            assert number is None or math.isfinite(number)
        assert (found.exif_lat is None) == (found.exif_lon is None)


@pytest.mark.parametrize(
    ("gps", "place"),
    [
        (INK.place(((19_166_423, 10**6),), "N", ((99_900_416, 10**6),), "E"), PHAYAO),
        (INK.place(((19, 1), (998_538, 10**5)), "S", ((99, 1), (54, 1)), "W"), (-19.166423, -99.9)),
        ([INK.text(1, "N"), INK.signed_ratio(2, (19, 1), (9, 1), (591_234, 10**4)),
          INK.text(3, "E"), INK.signed_ratio(4, (99, 1), (54, 1), (15, 10))], PHAYAO),
        ([INK.text(1, "N"), INK.text(2, "19 9 59.1234"),
          INK.text(3, "E"), INK.text(4, "99, 54, 1.5")], PHAYAO),
        ([Tag(1, 7, 2, b"S\0"), INK.ratio(2, *PHAYAO_LAT),
          Tag(3, 1, 1, b"W"), INK.ratio(4, *PHAYAO_LON)], (-19.166423, -99.900417)),
        (INK.place(((19, 1), (59, 1), (60, 1)), "North", PHAYAO_LON, "East"), (20.0, 99.900417)),
    ],
    ids=["degrees alone", "no seconds", "signed", "text", "letters as bytes", "sixty seconds"],
)  # fmt: skip
def test_every_form_that_exiftool_reads_is_read(gps, place):
    assert place_of(*gps)[0] == pytest.approx(place, abs=1e-6)


@pytest.mark.parametrize(
    ("tag", "accuracy_m"),
    [
        (INK.ratio(makers.GPS_ERROR, (47, 10)), 4.7),
        (INK.ratio(makers.GPS_DOP, (12, 10)), 6.0),
        (INK.ratio(makers.GPS_ERROR, (4_000_000_000, 1)), None),
        (INK.ratio(makers.GPS_ERROR, (5, 0)), None),
        (INK.ratio(makers.GPS_DOP, (0, 1)), None),
    ],
)
def test_a_fixs_worth_is_known_in_metres_or_not_at_all(tag, accuracy_m):
    """A stated error beyond reason must not excuse any distance."""
    assert facts_of(exif(gps=[*makers.PHAYAO, tag])).exif_accuracy_m == accuracy_m


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2024:02:13 09:30:00+07:00", datetime(2024, 2, 13, 2, 30, tzinfo=UTC)),
        ("2024-02-13T09:30:00Z", datetime(2024, 2, 13, 9, 30, tzinfo=UTC)),
        ("2024/02/13 09:30", datetime(2024, 2, 13, 2, 30, tzinfo=UTC)),
        ("2024: 2:13  9:30: 5", datetime(2024, 2, 13, 2, 30, 5, tzinfo=UTC)),
        ("2024:02:13 09:30:00.25", datetime(2024, 2, 13, 2, 30, 0, 250_000, tzinfo=UTC)),
        ("2024:02:13 12:30:00 AM", datetime(2024, 2, 12, 17, 30, tzinfo=UTC)),
        ("2024:02:13 09:30:00 pm", datetime(2024, 2, 13, 14, 30, tzinfo=UTC)),
    ],
)
def test_a_stamp_is_read_as_cameras_write_it(written, instant):
    assert taken(INK.text(makers.TAKEN, written)).taken_at == instant


def test_a_stamp_may_stand_in_the_main_folder_or_be_typed_as_bytes():
    stamp = b"2024:02:13 09:30:00\0"

    for found in (
        taken(main=[INK.text(makers.TAKEN, "2024:02:13 09:30:00")]),
        taken(Tag(makers.TAKEN, 7, len(stamp), stamp)),
    ):
        assert found.taken_at == datetime(2024, 2, 13, 2, 30, tzinfo=UTC)


def test_parts_of_a_second_are_kept():
    found = taken(INK.text(makers.TAKEN, "2024:02:13 09:30:00"), INK.text(0x9291, "125"))

    assert found.taken_at == datetime(2024, 2, 13, 2, 30, 0, 125_000, tzinfo=UTC)


@pytest.mark.parametrize("year", [1970, 1980, 1994])
def test_a_clock_that_was_never_set_is_kept_and_flagged(year):
    found = taken(INK.text(makers.TAKEN, f"{year}:01:01 00:00:14"))

    assert found.taken_at is not None
    assert "time_clock_unset" in found.flags


@pytest.mark.parametrize(
    ("day", "clock", "stale"),
    [
        ("2024:02:13", ((2, 1), (29, 1), (0, 1)), False),  # the same moment
        ("2024:02:13", ((0, 1), (5, 1), (0, 1)), False),  # some hours old, of the same day
        ("2024:02:11", ((2, 1), (30, 1), (0, 1)), True),
        ("2004:06:29", ((2, 1), (30, 1), (0, 1)), True),  # 1 024 weeks too early, a known fault
    ],
)
def test_a_fix_from_another_day_is_flagged(day, clock, stale):
    stamp = INK.text(makers.TAKEN, "2024:02:13 09:30:00")

    found = taken(stamp, gps=[*makers.PHAYAO, *gps_time(day, *clock)])

    assert found.exif_lat is not None
    assert ("gps_stale" in found.flags) is stale


def test_a_fix_shortly_before_midnight_utc_is_of_the_same_thai_day():
    stamp = INK.text(makers.TAKEN, "2024:02:13 06:30:00")

    found = taken(stamp, gps=[*makers.PHAYAO, *gps_time("2024:02:12", (23, 1), (30, 1), (0, 1))])

    assert not {"gps_stale", "time_gps_differs"} & set(found.flags)


def test_a_fix_that_tells_only_its_day_can_be_stale_too():
    stamp = INK.text(makers.TAKEN, "2024:02:13 09:30:00")

    found = taken(stamp, gps=[*makers.PHAYAO, INK.text(makers.GPS_DAY, "2024:01:01")])

    assert "gps_stale" in found.flags


def test_without_a_position_no_fix_is_old():
    stamp = INK.text(makers.TAKEN, "2024:02:13 09:30:00")

    found = taken(stamp, gps=gps_time("2024:01:01", (2, 1), (30, 1), (0, 1)))

    assert "gps_stale" not in found.flags
    assert "time_gps_differs" in found.flags


def test_two_descriptions_in_conflict_are_told_from_two_that_agree():
    whole = exif([INK.short(makers.ORIENTATION, 3)], makers.MORNING, makers.PHAYAO)
    elsewhere = exif(gps=INK.place(((18, 1), (0, 1), (0, 1)), "N", PHAYAO_LON, "E"))
    turned = exif([INK.short(makers.ORIENTATION, 6)], makers.MORNING)

    assert "exif_conflict" in facts_of(whole, elsewhere).flags
    assert "exif_conflict" not in facts_of(whole, turned).flags
    assert facts_of(whole, turned).orientation == 3  # as exiftool, and as browsers show it


def test_every_flag_has_its_sentence():
    written = set(re.findall(r'"((?:exif|gps|time)_[a-z_]+)"', _sources()))
    codes = written - set(TAKEN_SOURCES)

    assert codes <= FLAGS.keys()


def _sources() -> str:
    folder = Path(exif_module.__file__).parent
    return "".join((folder / f"{name}.py").read_text() for name in ("exif", "moment", "place"))
