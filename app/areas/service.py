"""Loading the official areas."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from sqlalchemy.orm import Session

from app.areas.models import Area, AreaKind
from app.areas.shipped import DATA


def load_areas(session: Session) -> int:
    """Insert or refresh every area from `data/`; returns how many.  Harmless when run again."""
    areas = list(_areas())
    for area in areas:
        session.merge(area)
    session.flush()
    return len(areas)


def _areas() -> Iterator[Area]:
    yield Area(
        code="56", kind="province", name_th="พะเยา", name_en="Phayao", postcode="56000",
        lat=19.1667, lon=99.9020,  # Phayao town; for centring a map only
    )  # fmt: skip
    yield from _read("districts.csv", "district")
    yield from _read("subdistricts.csv", "subdistrict")


def _read(name: str, kind: AreaKind) -> Iterator[Area]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield Area(
                code=row["code"],
                kind=kind,
                name_th=row["name_th"],
                name_en=row["name_en"],
                postcode=row["postcode"] or None,
                lat=float(row["lat"]),
                lon=float(row["lon"]),
            )
