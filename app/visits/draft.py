"""The draft of a visit: what either door (form or JSON) hands to the rules and the service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.shared.decode import CAPTURE_FIELDS, JsonRecord
from app.shared.personal import normal_phone
from app.shared.record import Capture, content_sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitDraft:
    """One visitor-book entry as told, before it is judged.  Texts are cleaned, blanks are None."""

    id: UUID
    centre_id: UUID
    visit_date: date
    kind: str
    n_male: int
    n_female: int
    n_other: int = 0
    n_child: int = 0
    time_in: str | None = None
    time_out: str | None = None
    group_name: str | None = None
    sector: str | None = None
    origin_subdistrict_code: str | None = None
    origin_text: str | None = None
    topics: tuple[str, ...] = ()
    trainer: str | None = None
    satisfaction: int | None = None
    suggestion: str | None = None
    consent_followup: bool = False
    consent_photo: bool = False
    leader_name: str | None = None
    phone: str | None = None
    capture: Capture
    programme_version: str

    @property
    def n_total(self) -> int:
        """Everyone who came; children are among the three."""
        return self.n_male + self.n_female + self.n_other

    def columns(self) -> dict[str, object]:
        """The draft's own facts by column name, without id and circumstances."""
        facts = {name: getattr(self, name) for name in _OWN}
        return facts | {"topics": list(self.topics), "n_total": self.n_total}

    @property
    def content_sha256(self) -> str:
        """Names this content: the same entry sent again has the same hash."""
        return content_sha256("visit", {"id": self.id, **self.columns(), **self.capture.facts()})


_OWN = tuple(name for name in VisitDraft.__dataclass_fields__ if name not in ("id", "capture"))
_FIELDS = frozenset(VisitDraft.__dataclass_fields__) - {"capture"} | CAPTURE_FIELDS


def visit_from_json(item: object) -> VisitDraft:
    """Read one visit of the sync API.  Raises Malformed(field, expected)."""
    read = JsonRecord(item, _FIELDS)
    return VisitDraft(
        id=read.id("id"),
        centre_id=read.id("centre_id"),
        visit_date=read.day("visit_date"),
        time_in=read.text("time_in"),
        time_out=read.text("time_out"),
        kind=read.word("kind"),
        group_name=read.text("group_name"),
        sector=read.text("sector"),
        origin_subdistrict_code=read.text("origin_subdistrict_code"),
        origin_text=read.text("origin_text"),
        n_male=read.count("n_male"),
        n_female=read.count("n_female"),
        n_other=read.count("n_other"),
        n_child=read.count("n_child"),
        topics=read.words("topics"),
        trainer=read.text("trainer"),
        satisfaction=read.whole("satisfaction"),
        suggestion=read.text("suggestion", lines=True),
        consent_followup=read.flag("consent_followup"),
        consent_photo=read.flag("consent_photo"),
        leader_name=read.text("leader_name"),
        phone=phone_as_stored(read.text("phone")),
        capture=read.capture(),
        programme_version=read.programme_version(),
    )


def phone_as_stored(text: str | None) -> str | None:
    """The stored spelling of a number; what is none stays as typed, for the rules to refuse."""
    return (normal_phone(text) or text) if text else None
