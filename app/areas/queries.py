"""Reading areas: always in official code order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.areas.models import Area, AreaKind

PROVINCE_DIGITS, DISTRICT_DIGITS = 2, 4  # of an area's code


def areas_under(session: Session, prefix: str, kind: AreaKind) -> Sequence[Area]:
    """Areas of one kind whose code starts with `prefix`."""
    return session.scalars(
        select(Area)
        .where(Area.kind == kind, Area.code.startswith(prefix, autoescape=True))
        .order_by(Area.code)
    ).all()


class _Areas(Mapping[str, Area]):
    """Areas by code, read province by province as they are asked for: a nation has 8,000."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._provinces: dict[str, dict[str, Area]] = {}

    def __getitem__(self, code: str) -> Area:
        province = code[:PROVINCE_DIGITS]
        if len(province) < PROVINCE_DIGITS:
            raise KeyError(code)
        if province not in self._provinces:
            wanted = Area.code.startswith(province, autoescape=True)
            found = self._session.scalars(select(Area).where(wanted).order_by(Area.code))
            self._provinces[province] = {area.code: area for area in found}
        return self._provinces[province][code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._session.scalars(select(Area.code).order_by(Area.code)).all())

    def __len__(self) -> int:
        return self._session.scalar(select(func.count()).select_from(Area)) or 0


def areas_by_code(session: Session) -> Mapping[str, Area]:
    """Every area by its code, in order; to be asked while the session lasts."""
    return _Areas(session)


def place_name(areas: Mapping[str, Area], code: str, locale: str = "th") -> str:
    """`ต.ควร อ.ปง จ.พะเยา` for a subdistrict code, shorter for a larger area."""
    names = []
    for length, prefix in ((6, "ต."), (4, "อ."), (2, "จ.")):
        area = areas.get(code[:length]) if len(code) >= length else None
        if area:
            names.append((prefix if locale == "th" else "") + area.name_in(locale))
    return (" " if locale == "th" else ", ").join(names)
