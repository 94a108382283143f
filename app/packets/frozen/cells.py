"""The quarter's board and its seals, as the list holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import Account
from app.packets.frozen.asked import Asked
from app.packets.frozen.book import area_name
from app.packets.frozen.content import ReportCell, SealItem
from app.review.models import Submission, SubmissionEdition
from app.review.queries import state_of, submissions_of
from app.review.units import Unit
from app.rounds.calendar import Occurrence
from app.rounds.models import QuarterSeal
from app.rounds.programme import Programme, choice_label, programme_key
from app.shared.clock import BUDDHIST_OFFSET, bangkok_day
from app.shared.thai import MONTHS


def cells(asked: Asked) -> tuple[ReportCell, ...]:
    """What every unit owes for the quarter, unit by unit, each by due day.

    A centre's packet has what the centre owes itself.  Closed centres owe nothing, but what they
    sent is shown.
    """
    units = _units(asked)
    sent = _sent(asked, units)
    first = _first_days(asked)
    return tuple(
        _cell(asked, due, unit, sent.get((due.key, unit.code)), first)
        for unit in units
        for due in asked.due
        if due.level == unit.level and (_owes(asked, unit) or (due.key, unit.code) in sent)
    )


def seals(asked: Asked) -> tuple[SealItem, ...]:
    """The seals that are on the quarter now."""
    rows = asked.session.execute(
        select(QuarterSeal.district_code, Account.name, QuarterSeal.sealed_at)
        .join(Account, Account.id == QuarterSeal.sealed_by)
        .where(QuarterSeal.quarter == str(asked.quarter), QuarterSeal.unsealed_at.is_(None))
        .order_by(QuarterSeal.district_code)
    )
    ours = set(asked.districts)
    return tuple(SealItem(code, name, at) for code, name, at in rows if code in ours)


def _units(asked: Asked) -> list[Unit]:
    """Districts and centres by code: a district before its centres."""
    districts = [] if asked.scope.kind == "centre" else asked.districts
    own = [Unit(code, code, None, area_name(asked.areas, code)) for code in districts]
    centres = [Unit(one.code, one.district_code, one.id, one.name) for one in asked.centres]
    return sorted([*own, *centres], key=lambda unit: (unit.district_code, unit.level == "centre"))


def _owes(asked: Asked, unit: Unit) -> bool:
    if unit.centre_id is None:
        return True
    return asked.centres[asked.order[unit.centre_id]].status != "closed"


def _sent(asked: Asked, units: Iterable[Unit]) -> dict[tuple[str, str], Submission]:
    found = submissions_of(asked.session, asked.quarter, [unit.code for unit in units])
    own = asked.own_programme
    if own is None:
        return found
    return {key: one for key, one in found.items() if one.programme == programme_key(own)}


def _first_days(asked: Asked) -> dict[UUID, date]:
    """When the first edition of each report was sent."""
    rows = asked.session.execute(
        select(SubmissionEdition.submission_id, SubmissionEdition.sent_at)
        .join(Submission, Submission.id == SubmissionEdition.submission_id)
        .where(Submission.quarter == str(asked.quarter), SubmissionEdition.number == 1)
    )
    return {submission: bangkok_day(sent_at) for submission, sent_at in rows}


def _cell(
    asked: Asked,
    due: Occurrence,
    unit: Unit,
    sent: Submission | None,
    first: Mapping[UUID, date],
) -> ReportCell:
    state: str = state_of(sent, due, asked.today)
    if sent is None:
        state = "missing" if state == "missing" else "not_due"
    return ReportCell(
        occurrence=due.key,
        title=_title(due),
        unit_code=unit.code,
        unit_name=unit.name,
        district_code=unit.district_code,
        due_on=sent.due_by if sent else due.due_by,
        state=state,
        edition=sent.edition if sent else 0,
        submitted_on=bangkok_day(sent.submitted_at) if sent and sent.submitted_at else None,
        decided_on=bangkok_day(sent.decided_at) if sent and sent.decided_at else None,
        late=sent.late if sent else state == "missing",
        reason=_reason(asked.own_programme or asked.programme, sent) if sent else None,
        first_sent_on=first.get(sent.id) if sent else None,
    )


def _title(due: Occurrence) -> str:
    """As the board heads it: a recurring one with its month."""
    if due.month is None:
        return due.title.th
    return f"{due.title.th} {MONTHS[due.month.month - 1]} {due.month.year + BUDDHIST_OFFSET}"


def _reason(programme: Programme, sent: Submission) -> str | None:
    """Why it was sent back or need not be sent; of anything else a reason is history."""
    lists = {"returned": programme.return_reasons, "waived": programme.waive_reasons}
    if sent.state not in lists:
        return None
    label = choice_label(lists[sent.state], sent.reason_key, "th")
    return ": ".join(part for part in (label, sent.reason) if part) or None
