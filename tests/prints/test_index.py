"""Whatever shares enough keys is found, and what was taken out is not."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.photos.models import Photo
from app.prints.index import Candidate, candidates, forget, put
from app.prints.models import PhotoPrint, PrintKey
from app.shared.db import db
from app.shared.ids import new_id
from app.shared.work import work
from tests.conftest import NOW, World

LARGEST = 2**62 - 1
MakePhotos = Callable[[int], list[UUID]]


@pytest.fixture
def make_photos(session: Session, world: World) -> MakePhotos:
    """A function: rows for so many photos, in the order of their ids; the index needs no pixels."""

    def make(count: int) -> list[UUID]:
        ids = [new_id() for _ in range(count)]
        session.add_all(photo_row(photo_id, world) for photo_id in ids)
        session.commit()
        return ids

    return make


def photo_row(photo_id: UUID, world: World) -> Photo:
    return Photo(
        id=photo_id, centre_id=world.centre, subject_kind="centre", subject_id=world.centre,
        day=NOW.date(), original_sha256="a" * 64, size_bytes=1, media_type="image/jpeg",
        source="camera", state_since=NOW, captured_at=NOW, received_at=NOW, content_sha256="b" * 64,
        recorder_id=world["volunteer"].account_id, programme_version="test",
    )  # fmt: skip


def fully_scanned(
    held: Mapping[UUID, Sequence[int]], probes: Sequence[int], min_votes: int
) -> list[Candidate]:
    """What the index must find: every photo looked at, in the order they came in."""
    asked = set(probes)
    found = [Candidate(photo, len(asked.intersection(keys))) for photo, keys in held.items()]
    enough = [candidate for candidate in found if candidate.votes >= min_votes]
    return sorted(enough, key=lambda candidate: -candidate.votes)


def skewed_keys(chance: random.Random, count: int) -> list[int]:
    """Keys as pictures give them: a few that half of them have, many that hardly two share."""
    popular = [chance.randrange(8) for _ in range(count // 3)]
    common = [int(chance.paretovariate(0.5)) + 8 for _ in range(count // 3)]
    rare = [chance.randrange(LARGEST + 1) for _ in range(count // 3)]
    return sorted({min(key, LARGEST) for key in popular + common + rare})


def stored(session: Session) -> Counter[int]:
    """How many keys each print has in the table."""
    return Counter(session.scalars(select(PrintKey.print_no)))


def test_a_look_up_finds_exactly_what_a_full_scan_finds(session, make_photos: MakePhotos):
    chance = random.Random(1)
    held = {photo: skewed_keys(chance, chance.randrange(64)) for photo in make_photos(150)}
    for photo, keys in held.items():
        put(session, photo, keys, 1, NOW)
    session.commit()

    for min_votes in (1, 2, 3, 8):
        for _ in range(20):
            relative = chance.choice(list(held.values()))  # so that there is something to find
            probes = skewed_keys(chance, 400) + chance.sample(relative, len(relative) // 2)
            found = candidates(session, probes, min_votes=min_votes, limit=1000)
            assert found == fully_scanned(held, probes, min_votes)
            best = candidates(session, probes, min_votes=min_votes, limit=5)
            assert best == found[:5]


def test_a_thousand_probes_and_the_largest_key_are_no_trouble(session, make_photos: MakePhotos):
    [photo] = make_photos(1)
    put(session, photo, [0, LARGEST], 1, NOW)
    probes = [LARGEST, *range(40_000)]
    assert candidates(session, probes, min_votes=2) == [Candidate(photo, 2)]


def test_a_probe_given_twice_counts_once(session, make_photos: MakePhotos):
    [photo] = make_photos(1)
    put(session, photo, [5, 6], 1, NOW)
    assert candidates(session, [5, 5, 5], min_votes=2) == []
    assert candidates(session, [5, 5, 6, 6], min_votes=2) == [Candidate(photo, 2)]


def test_probes_that_half_of_the_photos_share_give_way_to_rarer_ones(
    session, make_photos: MakePhotos, monkeypatch: pytest.MonkeyPatch
):
    logo = range(10)  # an app's, on every photo
    photos = make_photos(20)
    for number, photo in enumerate(photos):
        put(session, photo, [*logo, *range(number * 100 + 50, number * 100 + 60)], 1, NOW)
    probes = [*logo, *range(350, 360)]

    assert [c.votes for c in candidates(session, probes, min_votes=3)] == [20, *[10] * 19]
    monkeypatch.setattr("app.prints.index.MOST_ROWS", 100)
    assert candidates(session, probes, min_votes=3) == [
        Candidate(photos[3], 14), *(Candidate(p, 4) for p in photos if p != photos[3])
    ]  # fmt: skip
    monkeypatch.setattr("app.prints.index.MOST_ROWS", 15)
    assert candidates(session, probes, min_votes=3) == [Candidate(photos[3], 10)]


def test_no_probes_find_nothing(session, make_photos: MakePhotos):
    [photo] = make_photos(1)
    put(session, photo, [5], 1, NOW)
    assert candidates(session, [], min_votes=1) == []


def test_the_photo_that_asks_is_left_out_and_the_limit_counts_without_it(
    session, make_photos: MakePhotos
):
    asking, better, worse = make_photos(3)
    for photo, keys in ((asking, [1, 2, 3]), (better, [1, 2, 3]), (worse, [1, 2])):
        put(session, photo, keys, 1, NOW)
    found = candidates(session, [1, 2, 3], min_votes=2, exclude=asking, limit=1)
    assert found == [Candidate(better, 3)]
    found = candidates(session, [1, 2, 3], min_votes=2, exclude=asking)
    assert found == [Candidate(better, 3), Candidate(worse, 2)]


def test_among_equals_the_one_that_came_first_is_first(session, make_photos: MakePhotos):
    photos = make_photos(5)
    random.Random(1).shuffle(photos)
    for photo in photos:
        put(session, photo, [7, 8], 1, NOW)
    assert [c.photo_id for c in candidates(session, [7, 8], min_votes=1)] == photos


def test_putting_twice_changes_nothing(session, make_photos: MakePhotos):
    [photo] = make_photos(1)
    put(session, photo, [3, 1, 2, 2], 1, NOW)
    before = session.execute(select(PhotoPrint.no, PhotoPrint.made_at)).all()
    put(session, photo, [1, 2, 3], 1, NOW)
    assert session.execute(select(PhotoPrint.no, PhotoPrint.made_at)).all() == before
    assert list(stored(session).values()) == [3]


def test_a_newer_recipe_replaces_the_keys(session, make_photos: MakePhotos):
    photo, other = make_photos(2)
    put(session, photo, [1, 2, 3], 1, NOW)
    put(session, other, [1, 2, 3], 1, NOW)
    put(session, photo, [3, 4, LARGEST], 2, NOW)
    assert candidates(session, [1, 2, 3], min_votes=2) == [Candidate(other, 3)]
    assert candidates(session, [3, 4, LARGEST], min_votes=2) == [Candidate(photo, 3)]
    assert sorted(stored(session).values()) == [3, 3]


def test_a_late_worker_with_an_older_recipe_changes_nothing(session, make_photos: MakePhotos):
    [photo] = make_photos(1)
    put(session, photo, [3, 4], 2, NOW)
    put(session, photo, [1, 2], 1, NOW)
    assert candidates(session, [1, 2, 3, 4], min_votes=1) == [Candidate(photo, 2)]
    assert session.scalars(select(PhotoPrint.recipe)).all() == [2]


def test_a_picture_with_nothing_to_hold_on_to_is_in_the_index_all_the_same(
    session, make_photos: MakePhotos
):
    [photo] = make_photos(1)
    put(session, photo, [], 1, NOW)
    assert session.scalars(select(PhotoPrint.photo_id)).all() == [photo]
    put(session, photo, [1], 2, NOW)
    put(session, photo, [], 3, NOW)
    assert candidates(session, [1], min_votes=1) == []


def test_a_forgotten_photo_is_not_found_and_leaves_nothing(session, make_photos: MakePhotos):
    gone, kept = make_photos(2)
    put(session, gone, range(100), 1, NOW)
    put(session, kept, range(50), 1, NOW)
    forget(session, gone)
    forget(session, gone)
    assert candidates(session, range(100), min_votes=1) == [Candidate(kept, 50)]
    assert list(stored(session).values()) == [50]
    put(session, gone, range(10), 1, NOW)
    assert candidates(session, range(10), min_votes=1, exclude=kept) == [Candidate(gone, 10)]


def test_forgetting_a_photo_that_was_never_put_is_nothing(session, make_photos: MakePhotos):
    forget(session, make_photos(1)[0])
    assert session.scalar(select(func.count()).select_from(PhotoPrint)) == 0


def test_two_workers_that_put_one_photo_at_once_leave_one_whole_set(
    app: Flask, session, make_photos: MakePhotos
):
    newest = dict(zip(make_photos(16), [1, 2] * 8, strict=True))
    for photo, recipe in newest.items():
        put_at_once(app, photo, (1, recipe))  # the same recipe, or an older one beside a newer
    for photo, recipe in newest.items():
        assert Candidate(photo, 60) in candidates(session, keys_of(photo, recipe), min_votes=2)
    assert list(stored(session).values()) == [60] * 16


def keys_of(photo: UUID, recipe: int) -> range:
    """Sixty keys; a newer recipe keeps half of them, and two photos share some."""
    start = photo.int % 50 + recipe * 30
    return range(start, start + 60)


def put_at_once(app: Flask, photo: UUID, recipes: Sequence[int]) -> None:
    start = Barrier(len(recipes))

    def run(recipe: int) -> None:
        with app.app_context():
            start.wait()
            try:
                with work() as w:
                    put(w.session, photo, keys_of(photo, recipe), recipe, NOW)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(recipes)) as pool:
        list(pool.map(run, recipes))
