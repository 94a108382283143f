"""Parts: the same list is cut the same way, nothing is left out, and no part grows too large."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import pytest

from app.packets import parts
from app.packets.frozen.content import Content
from app.packets.frozen.figures import grouped
from app.packets.parts import CheckedFile, GapFound, Part, PartMade, made_from_json, made_to_json
from app.packets.parts import plan_parts as plan
from tests.packets.packet_lists import (
    FolderSources,
    make_centre,
    make_content,
    make_document,
    make_followup,
    make_photo,
    make_visit,
)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_PHOTOS", 10)
    monkeypatch.setattr(parts, "MOST_LINES", 100)


def a_list(sources: FolderSources, *sizes: tuple[int, int, int]) -> Content:
    """One centre for each (visits, follow-ups, photos)."""
    one = make_photo(sources, 1)
    centres, visits, followups, photos = [], [], [], []
    for number, (n_visits, n_followups, n_photos) in enumerate(sizes, start=1):
        code = f"5601-{number:03}"
        centres.append(make_centre(number))
        visits += [make_visit(n, centre_code=code) for n in range(n_visits)]
        followups += [make_followup(n, centre_code=code) for n in range(n_followups)]
        photos += [replace(one, centre_code=code, id=f"{number}-{n}") for n in range(n_photos)]
    return make_content(
        centres=tuple(centres), visits=tuple(visits),
        followups=tuple(followups), photos=tuple(photos),
    )  # fmt: skip


def photos_of(part: Part) -> int:
    return sum(each.photos[1] - each.photos[0] for each in part.slices)


def lines_of(part: Part) -> int:
    runs = [run for each in part.slices for run in (each.visits, each.followups)]
    heads = parts.SHEET_LINES * sum(each.first for each in part.slices)
    return heads + sum(stop - start for start, stop in runs)


SIZES = [
    (),
    ((0, 0, 0),),
    ((1, 1, 1),) * 12,
    ((5, 5, 4),) * 7,
    ((0, 0, 37),),
    ((250, 130, 25), (1, 1, 1)),
    ((3, 0, 9), (0, 0, 11), (0, 3, 0), (500, 0, 0), (0, 0, 10), (0, 0, 10)),
]


@pytest.mark.parametrize("sizes", SIZES)
def test_every_record_is_in_one_part_and_no_part_is_too_large(
    sources: FolderSources, sizes: tuple[tuple[int, int, int], ...]
) -> None:
    content = a_list(sources, *sizes)
    planned = plan(content)

    assert planned == plan(content)
    assert [part.number for part in planned] == list(range(max(1, len(planned))))
    assert all(photos_of(part) <= 10 and lines_of(part) <= 100 for part in planned)
    every = [each for part in planned for each in part.slices]
    assert [each.centre_code for each in every if each.first] == [c.code for c in content.centres]
    for name, items in (
        ("visits", content.visits), ("followups", content.followups), ("photos", content.photos),
    ):  # fmt: skip
        for code, of_centre in grouped(items).items():  # type: ignore[type-var]
            runs = [getattr(each, name) for each in every if each.centre_code == code]
            assert (runs[0][0], runs[-1][1]) == (0, len(of_centre))
            assert all(one[1] == other[0] for one, other in pairwise(runs))


def test_a_centre_is_cut_in_the_order_of_its_pages(sources: FolderSources) -> None:
    runs = [part.slices for part in plan(a_list(sources, (90, 30, 12)))]
    assert [(s.first, s.visits, s.followups, s.photos) for (s,) in runs] == [
        (True, (0, 80), (0, 0), (0, 0)),
        (False, (80, 90), (0, 30), (0, 10)),
        (False, (90, 90), (30, 30), (10, 12)),
    ]


def test_a_centre_that_fits_a_part_is_not_cut(sources: FolderSources) -> None:
    planned = plan(a_list(sources, (0, 0, 6), (0, 0, 6), (0, 0, 4)))
    assert [[s.centre_code for s in part.slices] for part in planned] == [
        ["5601-001"],
        ["5601-002", "5601-003"],
    ]


def test_documents_and_forms_go_with_their_districts_first_centre(sources: FolderSources) -> None:
    one = make_photo(sources, 1)
    content = make_content(
        centres=(
            make_centre(1), make_centre(2),
            make_centre(3, district_code="5602", code="5602-001"),
        ),
        photos=tuple(
            replace(one, centre_code=code, id=f"{code}-{n}")
            for code in ("5601-001", "5601-002", "5602-001") for n in range(9)
        ),
        documents=(
            make_document(sources, 1, centre_code=None),
            make_document(sources, 2, centre_code="5601-002"),
            make_document(sources, 3, centre_code=None, district_code="5602"),
            make_document(sources, 4, centre_code=None, district_code="5609"),
        ),
    )  # fmt: skip
    a, b, c, d = (document.id for document in content.documents)
    assert [(part.documents, part.districts) for part in plan(content)] == [
        ((a, b, d), ("5601", "5609")),
        ((), ()),
        ((c,), ("5602",)),
    ]


def test_what_a_part_came_to_can_be_written_down_and_read(sources: FolderSources) -> None:
    made = PartMade(
        3,
        (CheckedFile("photos/a.jpg", "view", "id", "renditions/x", "0" * 64, 5, 7, 4, 3, 3, 9),),
        (GapFound("id", "photos/b.jpg", "view_missing"),),
        12,
        ("attachments/5601/plan-6.pdf",),
    )
    assert made_from_json(json.loads(json.dumps(made_to_json(made)))) == made
