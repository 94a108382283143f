"""What the board's tests tell: records of a district's quarter, written down as rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.activities.models import Activity
from app.assessments.models import Assessment
from app.centres.models import Centre
from app.centres.rules import CentreDraft
from app.centres.service import add_centre
from app.devices.models import Device
from app.networks.models import NetworkOrder
from app.photos.models import Photo
from app.plans.models import PlanItem, PlanResult
from app.publicity.models import Post
from app.review.models import ItemVerdict, Submission
from app.rounds.calendar import occurrence_named
from app.rounds.programme import load_programme, programme_key
from app.shared.ids import new_id
from app.shared.record import Capture
from app.visits.draft import VisitDraft
from app.visits.service import record_visit
from tests.conftest import NOW, World

SECTORS = [sector.key for sector in load_programme().sectors]
_KEPT = {
    "captured_at": NOW, "received_at": NOW, "content_sha256": "0" * 64,
    "programme_version": load_programme().name,
}  # fmt: skip


class Story:
    """Writes rows of one world's districts into a session."""

    def __init__(self, session: Session, world: World) -> None:
        self.session, self.world = session, world

    def _add(self, row: Any) -> Any:
        self.session.add(row)
        self.session.flush()
        return row

    def _kept(self, district: str, **more: Any) -> dict[str, Any]:
        own = {"id": new_id(), "district_code": district, "search_key": "", **_KEPT}
        return own | {"recorder_id": self.world["admin"].account_id} | more

    def centre(self, code: str, area: str, lat: float = 19.15, lon: float = 100.27) -> Centre:
        """Another centre."""
        draft = CentreDraft(code, f"ศูนย์ {code}", "HLM3", area, lat, lon)
        return add_centre(self.session, draft, actor=None, now=NOW)

    def order(
        self, district: str, sectors: list[str] = SECTORS, day: date = date(2024, 1, 5)
    ) -> Any:
        """An order that appoints a district's network."""
        return self._add(NetworkOrder(
            **self._kept(district), dated_on=day, fiscal_year=2567, order_no="1/2567",
            act="appoint", members=[], sectors=sectors,
        ))  # fmt: skip

    def assessment(
        self, centre: UUID, district: str, grade: str, *, decided: str | None = None,
        day: date = date(2024, 1, 10), year: int = 2567,
    ) -> Any:  # fmt: skip
        """A centre's assessment."""
        return self._add(Assessment(
            **self._kept(district, centre_id=centre), assessed_on=day, fiscal_year=year,
            assessor="พัฒนากร", scores=[], strategies=[], proposed_grade=grade, points=10,
            percent=50.0, sides={}, computed_grade=grade, decided_grade=decided,
        ))  # fmt: skip

    def activity(
        self, centre: UUID, district: str, *, photos: int = 1, state: str = "received"
    ) -> Any:
        """An activity with photos."""
        held = self._add(Activity(
            **self._kept(district, centre_id=centre), held_on=date(2024, 1, 20), kind="other",
            sides=["place"], title="เอามื้อ", partners=[], n_male=2, n_female=3, n_youth=0, n_total=5,
        ))  # fmt: skip
        for _ in range(photos):
            self.photo(centre, "activity", held.id, state=state)
        return held

    def photo(
        self, centre: UUID, kind: str, subject: UUID, *, state: str = "received",
        lat: float | None = None, lon: float | None = None, band: str = "unknown",
    ) -> Any:  # fmt: skip
        """A photo, without a picture behind it."""
        made = self._kept("", centre_id=centre, lat=lat, lon=lon)
        del made["district_code"], made["search_key"]
        return self._add(Photo(
            **made, subject_kind=kind, subject_id=subject, day=date(2024, 1, 20),
            original_sha256=new_id().hex * 2, size_bytes=10, media_type="image/jpeg",
            source="camera", state=state, state_since=NOW, band=band,
        ))  # fmt: skip

    def plan_item(
        self, district: str, centre: UUID | None = None, *, done: int | None = None
    ) -> Any:
        """A row of the plan, with what came of it."""
        item = self._add(PlanItem(
            **self._kept(district, centre_id=centre), fiscal_year=2567, side="place",
            strategy="repair", title="ซ่อม", target="1", starts_on=date(2024, 1, 1),
            ends_on=date(2024, 6, 1), budget_baht=0, budget_source="none", responsible="อำเภอ",
            partners=[],
        ))  # fmt: skip
        if done is not None:
            self._add(PlanResult(
                **self._kept(district, centre_id=centre), item_id=item.id,
                reported_on=date(2024, 1, 30), done_percent=done, result="ทำแล้ว", spent_baht=0,
                evidence=[],
            ))  # fmt: skip
        return item

    def post(self, district: str, day: date, centre: UUID | None = None) -> Any:
        """Something published."""
        return self._add(Post(
            **self._kept(district, centre_id=centre), posted_on=day, channel="facebook",
            title="โพสต์",
        ))  # fmt: skip

    def visit(self, centre: UUID, day: date = date(2024, 1, 15), people: int = 3) -> None:
        """An entry in the visitor book."""
        draft = VisitDraft(
            id=new_id(), centre_id=centre, visit_date=day, kind="study", n_male=people, n_female=0,
            capture=Capture(at=NOW), programme_version=load_programme().name,
        )  # fmt: skip
        record_visit(self.session, draft, actor=self.world["admin"], now=NOW)

    def submission(
        self, occurrence: str, district: str, state: str, *, late: bool = False, to_mend: int = 0
    ) -> Any:
        """A district's answer, with items that were sent back."""
        programme = load_programme()
        due = occurrence_named(programme, occurrence)
        assert due
        sent = self._add(Submission(
            programme=programme_key(programme), occurrence=occurrence, quarter=str(due.quarter),
            unit_code=district, district_code=district, due_by=due.due_by, state=state,
            edition=0 if state == "waived" else 1, late=late, submitted_at=NOW,
        ))  # fmt: skip
        for _ in range(to_mend):
            self._add(ItemVerdict(
                submission_id=sent.id, item_kind="visit", item_id=new_id(), item_version=1,
                edition=1, verdict="return", made_by=self.world["reviewer"].account_id, made_at=NOW,
            ))  # fmt: skip
        return sent

    def phone(self, who: str, *, records: int = 0, photos: int = 0) -> Any:
        """A phone that holds something unsent."""
        return self._add(Device(
            install_id=new_id(), account_id=self.world[who].account_id, label="Android · Chrome",
            sealed_locker=b"", enrolled_at=NOW, last_contact_at=NOW, unsent_records=records,
            unsent_photos=photos, oldest_unsent_at=NOW - timedelta(days=2),
        ))  # fmt: skip
