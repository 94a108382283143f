"""The frozen list: everything a packet says, decided at the moment it is requested.

Names and telephone numbers of visitors are in the list only if it was asked for unmasked;
otherwise they are not there at all, so no part of a packet can leak them.  Days are Bangkok
days; instants are aware; positions are WGS 84 degrees.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import cache, cached_property
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

FORMAT = 2  # grows when the meaning of a stored list changes
OLDER = frozenset({1})  # lists that can still be read: what they lack is empty


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
    """Who asked for the packet, when and why."""

    by: str
    at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """How the packet is to be made.  They are part of the list: another choice, another packet."""

    digits: str = "thai"  # or "arabic": one kind in all documents
    photos_per_page: int = 4  # 2, 4 or 6
    originals: bool = False  # also the photos as they came from the phones
    unmasked: bool = False  # with names and telephone numbers; by right and with a reason only


@dataclass(frozen=True, slots=True)
class EditionRef:
    """Another edition of the same unit and quarter."""

    edition: int
    list_sha256: str
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """What of the list is other than in the edition before: `what` is new, changed or gone."""

    kind: str  # "visit", "followup", "photo", "activity", "assessment", …
    id: str
    what: str
    centre_code: str | None
    district_code: str
    day: date
    words: str  # one line that tells a reader which record it is


@dataclass(frozen=True, slots=True)
class SealItem:
    """A district's quarter that was sealed when the list was frozen."""

    district_code: str
    sealed_by: str
    sealed_at: datetime


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
    has_contact: bool = False  # somebody left a name or a number
    leader_name: str | None = None  # in an unmasked list only
    phone: str | None = None  # the same


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
class FindingItem:
    """A question about a photo, with what was answered and decided."""

    code: str
    text: str
    answer: str | None = None
    answered_by: str | None = None
    decision: str | None = None  # "settled", "doubtful"
    decision_note: str | None = None
    decided_by: str | None = None


@dataclass(frozen=True, slots=True)
class PhotoItem:
    """One photo: digests of the original and of the 1600 px rendition, where and when."""

    id: str
    version: int
    centre_code: str
    subject_kind: str  # "visit", "followup", "activity", "centre"
    subject_id: str
    state: str  # "processed", "unreadable", "received", "destroyed", or "awaited": only announced
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
    view_bytes: int | None = None
    thumb_sha256: str | None = None
    original_name: str | None = None  # extension by content: "jpg", "heic"
    code: str | None = None  # what a stamped copy shows; `/verify` takes it
    place: str | None = None  # subdistrict and district of its position
    findings: tuple[FindingItem, ...] = ()
    received_on: date | None = None  # None: awaited, or not known in an older list


@dataclass(frozen=True, slots=True)
class RecordItem:
    """What every record has.  `centre_code` is empty for what a district does as such."""

    id: str
    version: int
    content_sha256: str
    district_code: str
    centre_code: str | None
    received_on: date


@dataclass(frozen=True, slots=True)
class ActivityItem(RecordItem):
    """A learning activity."""

    held_on: date
    ended_on: date | None
    kind: str
    sides: tuple[str, ...]
    title: str
    lead: str | None
    partners: tuple[str, ...]
    n_male: int
    n_female: int
    n_youth: int
    n_total: int
    result: str | None
    problems: str | None
    plan_item_id: str | None


@dataclass(frozen=True, slots=True)
class DocumentItem(RecordItem):
    """A document; its file travels in the packet when it was received."""

    dated_on: date
    kind: str
    title: str
    note: str | None
    subject_kind: str | None
    subject_id: str | None
    state: str  # "awaited", "received"
    file_sha256: str
    file_bytes: int
    file_type: str
    extension: str  # "pdf", "jpg": by content, ASCII, without the dot


@dataclass(frozen=True, slots=True)
class MemberItem:
    """A member of a network, as the order names them: an office's list, printed with names."""

    name: str
    organisation: str | None
    sector: str
    role: str | None


@dataclass(frozen=True, slots=True)
class NetworkOrderItem(RecordItem):
    """An order that appoints a district's network, or reviews it.  Telephone numbers stay out."""

    dated_on: date
    fiscal_year: int
    order_no: str
    act: str
    members: tuple[MemberItem, ...]
    sectors: tuple[str, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """One criterion of an assessment."""

    criterion: str
    label: str
    side: str
    points: int
    most: int
    note: str | None
    evidence: int  # how many photos and documents are anchored to it


@dataclass(frozen=True, slots=True)
class AssessmentItem(RecordItem):
    """A centre's assessment: the newest of its fiscal year up to the quarter's last day."""

    assessed_on: date
    fiscal_year: int
    assessor: str
    scores: tuple[ScoreItem, ...]
    problems: str | None
    needs: str | None
    strategies: tuple[str, ...]
    target_grade: str | None
    computed_grade: str
    proposed_grade: str
    decided_grade: str | None
    decided_by: str | None
    decision_reason: str | None
    points: int
    percent: float
    sides: tuple[SideShare, ...]
    earlier_grade: str | None  # that counted at the end of the quarter before

    @property
    def grade(self) -> str:
        """The grade that counts: the reviewer's, or else the proposed one."""
        return self.decided_grade or self.proposed_grade


@dataclass(frozen=True, slots=True)
class SideShare:
    """Percent of the points of one side of the framework."""

    side: str
    percent: float


@dataclass(frozen=True, slots=True)
class PlanRow(RecordItem):
    """One line of a district's plan for the fiscal year: attachment 6."""

    fiscal_year: int
    side: str
    strategy: str
    title: str
    problem: str | None
    target: str
    starts_on: date
    ends_on: date
    budget_baht: int
    budget_source: str
    responsible: str
    partners: tuple[str, ...]
    dropped_reason: str | None


@dataclass(frozen=True, slots=True)
class ResultRow(RecordItem):
    """The newest result of a plan's line up to the quarter's last day: attachment 7."""

    item_id: str
    reported_on: date
    done_percent: int
    result: str
    output: str | None
    spent_baht: int
    obstacles: str | None
    suggestions: str | None
    evidence: tuple[str, ...]  # ids of photos and documents


@dataclass(frozen=True, slots=True)
class PostItem(RecordItem):
    """A post in public; views, likes and shares as its people read them on `read_on`."""

    posted_on: date
    channel: str
    title: str
    url: str | None
    side: str | None
    read_on: date | None
    views: int | None
    likes: int | None
    shares: int | None
    screenshot_id: str | None  # a document


@dataclass(frozen=True, slots=True)
class ReportCell:
    """One unit's answer to one round of the quarter: a cell of the board."""

    occurrence: str  # plan, publicity_2024_02
    title: str  # as the board heads its column
    unit_code: str
    unit_name: str
    district_code: str
    due_on: date
    state: (
        str  # "not_due" (unsent, in time), "missing", "submitted", "returned", "accepted", "waived"
    )
    edition: int
    submitted_on: date | None
    decided_on: date | None
    late: bool  # the first edition came too late, or none came and the day has passed
    reason: str | None  # of a return or a waiver
    first_sent_on: date | None = None  # the first edition, which decides whether it is late


@dataclass(frozen=True, slots=True)
class Counted:
    """Until when records of a kind count for the quarter: its end, or when their report was due."""

    kind: str  # "assessment", "plan_item", … as `Change.kind`
    until: date


@dataclass(frozen=True, slots=True)
class Word:
    """The Thai label that a key of the programme had when the list was frozen."""

    list: str
    key: str
    th: str


@dataclass(frozen=True, slots=True)
class DistrictItem:
    """A district of the unit."""

    code: str
    name: str


INCIDENTAL = ("edition", "requested", "site", "previous", "redacts", "changes")


@dataclass(frozen=True)  # no slots: what is worked out from the list is kept beside it
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
    options: Options = Options()
    activities: tuple[ActivityItem, ...] = ()
    documents: tuple[DocumentItem, ...] = ()
    network_orders: tuple[NetworkOrderItem, ...] = ()
    assessments: tuple[AssessmentItem, ...] = ()
    plan_rows: tuple[PlanRow, ...] = ()
    result_rows: tuple[ResultRow, ...] = ()
    posts: tuple[PostItem, ...] = ()
    cells: tuple[ReportCell, ...] = ()
    seals: tuple[SealItem, ...] = ()
    districts: tuple[DistrictItem, ...] = ()  # that the unit has, by code
    counted: tuple[Counted, ...] = ()  # kinds that count beyond the quarter's last day
    site: str | None = None  # where the system answers; printed with the fingerprint
    previous: EditionRef | None = None
    redacts: int | None = None  # the edition that this one replaces after somebody was forgotten
    changes: tuple[Change, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a masked list that holds a visitor's name or number: no packet can leak them."""
        if not self.options.unmasked and any(v.leader_name or v.phone for v in self.visits):
            raise ValueError("a masked list holds no visitor's name or number")

    def label(self, list_name: str, key: str | None) -> str:
        """Return the Thai label of `key`, or the key itself when the programme lost it."""
        if not key:
            return ""
        return self._labels.get((list_name, key), key)

    def labels(self, list_name: str, keys: Iterable[str]) -> str:
        """The labels of several keys, one after the other."""
        return ", ".join(self.label(list_name, key) for key in keys)

    @cached_property
    def _labels(self) -> dict[tuple[str, str], str]:
        return {(word.list, word.key): word.th for word in self.words}

    @cached_property
    def list_sha256(self) -> str:
        """SHA-256 of what the list holds, whoever asked and whichever edition it became.

        A province's takes half a second, and a report prints it often.
        """
        data = to_json(self)
        for incidental in INCIDENTAL:
            del data[incidental]
        return hashlib.sha256(canonical(data)).hexdigest()

    @property
    def identifier(self) -> str:
        """ASCII name of the packet, of its top folder and of its file: lakthan-5601-2567Q2-e1."""
        return f"lakthan-{safe_code(self.scope.code)}-{self.quarter}-e{self.edition}"


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
    if data.get("format") not in OLDER | {FORMAT}:
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
