"""The frozen list: everything a packet says, decided at the moment it is requested.

Names and telephone numbers of visitors are not in the list at all, so no packet can leak
them.  Days are Bangkok days; instants are aware; positions are WGS 84 degrees.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

FORMAT = 1  # grows when the meaning of a stored list changes


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose evidence this is: one centre, one district or the whole province."""

    kind: str  # "centre", "district", "province"
    code: str
    name: str
    district_name: str | None
    province_name: str


@dataclass(frozen=True, slots=True)
class Request:
    """Who asked for the packet, and when."""

    by: str
    at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CentreItem:
    """A learning centre as registered on the day of the request."""

    code: str
    name: str
    district_code: str
    district_name: str
    subdistrict_name: str
    moo: int | None
    village: str | None
    plot_class: str
    status: str
    steward_name: str | None
    size_rai: float | None
    lat: float | None
    lon: float | None
    radius_m: float


@dataclass(frozen=True, slots=True)
class VisitItem:
    """One line of a centre's visitor book, without the visitor's name or telephone."""

    id: str
    version: int
    content_sha256: str
    centre_code: str
    visit_date: date
    time_in: str | None
    time_out: str | None
    kind: str
    group_name: str | None
    sector: str | None
    origin: str | None
    n_male: int
    n_female: int
    n_other: int
    n_child: int
    n_total: int
    topics: tuple[str, ...]
    satisfaction: int | None
    suggestion: str | None
    received_on: date


@dataclass(frozen=True, slots=True)
class FollowupItem:
    """One later check on whether the learners of a visit use what they learned."""

    id: str
    version: int
    content_sha256: str
    centre_code: str
    visit_id: str
    visit_date: date
    visit_people: int
    group_name: str | None
    followed_on: date
    step_months: int | None
    method: str
    used: str
    n_followed: int
    n_used: int
    topics: tuple[str, ...]
    outcomes: tuple[str, ...]
    plot_rai: float | None
    baht_saved_month: float | None
    baht_earned_month: float | None
    passed_on_to: int | None
    reason: str | None
    next_step: str | None
    received_on: date


@dataclass(frozen=True, slots=True)
class PhotoItem:
    """One photo: digests of the original and of the 1600 px rendition, where and when."""

    id: str
    version: int
    centre_code: str
    subject_kind: str  # "visit", "followup", "activity", "centre"
    subject_id: str
    state: str  # "processed", "unreadable", "received", or "awaited": only announced
    caption: str | None
    day: date
    taken_at: datetime | None
    time_source: str
    source: str
    original_sha256: str
    original_bytes: int
    view_sha256: str | None
    lat: float | None
    lon: float | None
    accuracy_m: float | None
    position_source: str
    distance_m: float | None
    band: str


@dataclass(frozen=True, slots=True)
class Word:
    """The Thai label that a key of the programme had when the list was frozen."""

    list: str
    key: str
    th: str


@dataclass(frozen=True, slots=True)
class Content:
    """The whole frozen list.  Tuples are already in the order of the packet."""

    scope: Scope
    quarter: str
    first_day: date
    last_day: date
    edition: int
    requested: Request
    programme: str
    centres: tuple[CentreItem, ...]
    visits: tuple[VisitItem, ...]
    followups: tuple[FollowupItem, ...]
    photos: tuple[PhotoItem, ...]
    words: tuple[Word, ...]

    def label(self, list_name: str, key: str | None) -> str:
        """Return the Thai label of `key`, or the key itself when the programme lost it."""
        if not key:
            return ""
        return _labels(self.words).get((list_name, key), key)

    @property
    def list_sha256(self) -> str:
        """SHA-256 of what the list holds, whoever asked and whichever edition it became."""
        data = to_json(self)
        for incidental in ("edition", "requested"):
            del data[incidental]
        return hashlib.sha256(canonical(data)).hexdigest()

    @property
    def identifier(self) -> str:
        """ASCII name of the packet, of its top folder and of its file: lakthan-5601-2567Q2-e1."""
        return f"lakthan-{safe_code(self.scope.code)}-{self.quarter}-e{self.edition}"


@cache
def _labels(words: tuple[Word, ...]) -> dict[tuple[str, str], str]:
    return {(word.list, word.key): word.th for word in words}


def safe_code(code: str) -> str:
    """Reduce an official code to what every file system takes; codes normally pass as is."""
    kept = "".join(c if c.isascii() and (c.isalnum() or c == "-") else "-" for c in code)
    return kept.strip("-")[:40] or "x"


def to_json(content: Content) -> dict[str, Any]:
    """Return the list as plain JSON values, for `Packet.frozen`."""
    data: dict[str, Any] = _encode(content)
    return {"format": FORMAT, **data}


def from_json(data: Mapping[str, Any]) -> Content:
    """Read a stored list back.

    Raises:
        ValueError: the list was written by a later format.
    """
    if data.get("format") != FORMAT:
        raise ValueError(f"unknown list format {data.get('format')!r}")
    content: Content = _decode(Content, {k: v for k, v in data.items() if k != "format"})
    return content


def canonical(data: object) -> bytes:
    """Write JSON in its one canonical form: sorted keys, no spaces, UTF-8."""
    text = json.dumps(
        data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode("utf-8")


def _encode(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _encode(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a frozen list holds aware instants only")
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _decode(kind: Any, value: Any) -> Any:
    if get_origin(kind) in (Union, UnionType):
        inner = next(arg for arg in get_args(kind) if arg is not type(None))
        return None if value is None else _decode(inner, value)
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        return tuple(_decode(inner, item) for item in value)
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]
        return kind(**{name: _decode(hints[name], item) for name, item in value.items()})  # type: ignore[operator]
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    return float(value) if kind is float else value
