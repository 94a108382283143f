"""How long it takes to find who shares keys with a picture: python -m bench.lookup

For each size: fills a database of the product's tables, looks up copies of photos that are in it
and photos that are not, compares a sample with a full scan, then puts photos.  The bar: 10 ms at
the median among 1,000,000 photos on SQLite.  `--eve` looks up 5,000 times while another process
puts photos without a pause; `--postgresql 100000` does the same on a PostgreSQL of its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from flask import Flask
from sqlalchemy import func, select

from app.prints import features
from app.prints.features import Features
from app.prints.index import candidates, forget, put
from app.prints.models import PrintKey
from app.shared.db import db
from app.shared.work import work
from bench import lookup_loading, lookup_mass
from bench.lookup_mass import Mass, Scene, Source
from bench.lookup_places import evict, file_of, own_postgresql, product_on, report, timed

CENTRES, PLANTED, STRANGERS = 100, 100, 100
SCANNED = 20  # look-ups compared with a full scan, of each sort
PUT = 200
SPARE = 20_000  # photos that wait to be put
EVE = 5_000
SEED = 1


@dataclass(frozen=True, slots=True)
class Pictures:
    """What all sizes have in common: photos that are put in, and what is asked."""

    planted: list[Features]
    copies: list[tuple[int, list[int]]]  # number of the photo it is a copy of, probes
    strangers: list[list[int]]
    source: Source


def main() -> None:
    """Fill, measure, print; one table for each size and database."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--photos", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    asked.add_argument("--postgresql", type=int, nargs="*", default=[])
    asked.add_argument("--eve", action="store_true")
    options = asked.parse_args()
    pictures = _pictures()
    for photos in options.photos:
        with tempfile.TemporaryDirectory(prefix="lakthan-lookup-") as folder:
            _bench(f"sqlite:///{folder}/lookup.db", photos, pictures, eve=options.eve)
    for photos in options.postgresql:
        with own_postgresql() as url:
            _bench(url, photos, pictures, eve=options.eve)


def _pictures() -> Pictures:
    made = lookup_mass.scenes_from(0, CENTRES + PLANTED + STRANGERS)
    centres, planted = made[:CENTRES], made[CENTRES : CENTRES + PLANTED]
    strangers = [copy.probes for scene in made[CENTRES + PLANTED :] for copy in scene.copies]
    keys = np.array([key for scene in centres for key in scene.stored.keys], np.int64)
    copies = list(_copies(planted))
    asked = [*strangers, *(probes for _number, probes in copies)]
    source = lookup_mass.source_of(keys, asked, np.random.default_rng(SEED))
    chance = lookup_mass.chance_to_meet(keys, asked)
    print(f"a strange key meets a probe with probability {chance:.2g}")
    return Pictures([scene.stored for scene in planted], copies, strangers, source)


def _copies(planted: Sequence[Scene]) -> Iterator[tuple[int, list[int]]]:
    for number, scene in enumerate(planted, start=1):
        for copy in scene.copies:
            yield number, copy.probes


def _bench(url: str, photos: int, pictures: Pictures, *, eve: bool) -> None:
    chance = np.random.default_rng(SEED)
    mass = lookup_mass.mass_of(photos, pictures.planted, pictures.source, chance)
    with product_on(url) as app:
        started = time.perf_counter()
        lookup_loading.load(url, mass, range(photos + 1, photos + 1 + SPARE))
        loaded_s = time.perf_counter() - started
        megabytes = lookup_loading.size_bytes(url) / 1e6
        print(f"\n{url.partition(':')[0]}, {photos:,} photos, {len(mass.keys):,} keys")
        print(f"  {'loaded':28} {loaded_s:7.1f} s, {megabytes:,.0f} MB")
        _look_up(app, url, pictures)
        print(f"  {'as a full scan finds':28} {_complete(app, mass, pictures)}")
        _put(app, photos, pictures)
        if eve:
            _eve(app, url, photos, pictures)


def _look_up(app: Flask, url: str, pictures: Pictures) -> None:
    copies = [probes for _number, probes in pictures.copies]
    with app.app_context():
        for probes in copies[:SCANNED]:
            _ask(probes)  # warm
        found = [_ask(probes)[:1] for probes in copies]
        right = sum(
            bool(best) and best[0].photo_id == lookup_loading.photo_id(number)
            for (number, _probes), best in zip(pictures.copies, found, strict=True)
        )
        report("copies of photos in there", [timed(_ask, probes) for probes in copies])
        print(f"  {'':28} {right} of {len(copies)} have their photo at the top")
        report("photos that are not", [timed(_ask, probes) for probes in pictures.strangers])
        if path := file_of(url):
            cold = [timed(_ask, probes) for probes in pictures.strangers[:SCANNED] if evict(path)]
            report("the same, file not in memory", cold)
        print(f"  {'':28} {_rows_touched(pictures.strangers)}")
        db.session.rollback()


def _ask(probes: Sequence[int], limit: int = 50) -> list:  # type: ignore[type-arg]
    return candidates(db.session(), probes, min_votes=features.MIN_VOTES, limit=limit)


def _rows_touched(asked: Sequence[Sequence[int]]) -> str:
    """For one in ten: counting is not what is measured."""
    touched = [
        db.session.scalar(select(func.count()).where(PrintKey.key.in_(set(probes)))) or 0
        for probes in asked[::10]
    ]
    probes = statistics.mean(len(set(one)) for one in asked)
    return f"{probes:.0f} probes touch {statistics.mean(touched):,.0f} rows (mean)"


def _complete(app: Flask, mass: Mass, pictures: Pictures) -> str:
    asked = [probes for _number, probes in pictures.copies[:SCANNED]]
    asked += pictures.strangers[:SCANNED]
    expected = lookup_mass.fully_scanned(mass, asked, features.MIN_VOTES)
    with app.app_context():
        found = [
            [(one.photo_id.int, one.votes) for one in _ask(probes, limit=len(mass.keys))]
            for probes in asked
        ]
        db.session.rollback()
    same = sum(one == other for one, other in zip(found, expected, strict=True))
    assert same == len(asked), f"only {same} of {len(asked)}"
    mean = statistics.mean(map(len, expected))
    return f"{same} of {len(asked)} look-ups, {mean:.1f} candidates each (mean)"


def _put(app: Flask, photos: int, pictures: Pictures) -> None:
    numbers = range(photos + 1, photos + 1 + PUT)
    keys = _fresh(pictures, photos)
    with app.app_context():
        report("put, with its commit", [timed(_put_one, n, next(keys)) for n in numbers])
        report("forget, with its commit", [timed(_forget_one, n) for n in numbers])


def _fresh(pictures: Pictures, seed: int) -> Iterator[list[int]]:
    chance = np.random.default_rng([SEED, seed])
    each = len(pictures.source.centres) // CENTRES
    while True:
        drawn = pictures.source.draw(each * 100, chance)
        for row in drawn.reshape(100, each).tolist():
            yield sorted(set(row))


def _put_one(number: int, keys: list[int]) -> None:
    with work() as w:
        put(w.session, lookup_loading.photo_id(number), keys, 1, lookup_loading.NOW)


def _forget_one(number: int) -> None:
    with work() as w:
        forget(w.session, lookup_loading.photo_id(number))


def _eve(app: Flask, url: str, photos: int, pictures: Pictures) -> None:
    """The evening before a deadline: everybody hands in, every photo is looked up."""
    spawned = multiprocessing.get_context("spawn")
    enough, done = spawned.Event(), spawned.Value("i", 0)
    writer = spawned.Process(target=_keep_putting, args=(url, photos, pictures, enough, done))
    writer.start()
    while done.value == 0:
        time.sleep(0.05)
    asked = [*pictures.strangers, *(probes for _number, probes in pictures.copies)]
    started, before = time.perf_counter(), done.value
    with app.app_context():
        spent = [timed(_ask_afresh, asked[n % len(asked)]) for n in range(EVE)]
    took_s = time.perf_counter() - started
    put_meanwhile = done.value - before
    enough.set()
    writer.join()
    report(f"{EVE:,} look-ups, eve", spent)
    print(f"  {'':28} while {put_meanwhile} photos were put, {put_meanwhile / took_s:.0f} a second")


def _ask_afresh(probes: Sequence[int]) -> None:
    _ask(probes)
    db.session.rollback()


def _keep_putting(url: str, photos: int, pictures: Pictures, enough, done) -> None:  # type: ignore[no-untyped-def]
    keys = _fresh(pictures, photos + 1)
    with product_on(url) as app, app.app_context():
        for number in range(photos + 1, photos + 1 + SPARE):
            if enough.is_set():
                return
            _put_one(number, next(keys))
            done.value += 1


if __name__ == "__main__":
    main()
