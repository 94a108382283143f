"""The demo's follow-ups: who was asked after one, three and six months, and what they said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import uuid5

from app.demo.guests import NEXT_STEPS, REASONS
from app.demo.people import officer_of
from app.demo.visits import STORY, Entry, Place
from app.followups.draft import FollowupDraft
from app.shared.clock import BANGKOK
from app.shared.record import Capture
from app.visits.rules import months_after

# How many of those who agreed are asked at each step.  Of the letter's quarters nearly everyone
# is asked a last time; lately some are left, so that the list of who is due has somebody on it.
ASKED_THEN = {1: 0.3, 3: 0.2, 6: 0.93}
ASKED_LATELY = {1: 0.55, 3: 0.5, 6: 0.5}


@dataclass(frozen=True)
class Check:
    """One follow-up to record, by whom, when the server heard of it, and of which entry."""

    draft: FollowupDraft
    recorder: str
    received_at: datetime
    place: Place


def followups(
    entries: Iterable[Entry], months: tuple[int, ...], today: date, programme_version: str
) -> Iterator[Check]:
    """Every check made before `today`; what a visit's checks are never changes later."""
    for entry in entries:
        if not entry.draft.consent_followup:
            continue
        for step in months:
            rng = Random(f"followup {entry.draft.id} {step}")
            asked = ASKED_LATELY if entry.recent else ASKED_THEN
            day = months_after(entry.draft.visit_date, step) + timedelta(days=rng.randint(0, 12))
            if rng.random() < asked.get(step, 0.5) and day < today:
                yield _check(entry, step, day, programme_version, rng)


def _check(entry: Entry, step: int, day: date, version: str, rng: Random) -> Check:
    used = rng.choices(("used", "starting", "not_yet", "unreachable"), weights=(58, 20, 12, 10))[0]
    at = datetime.combine(day, time(rng.randint(9, 16), rng.randrange(60)), BANGKOK).astimezone(UTC)
    draft = FollowupDraft(
        id=uuid5(STORY, f"followup {entry.draft.id} {step}"),
        visit_id=entry.draft.id,
        followed_on=day,
        step_months=step,
        method=rng.choices(("phone", "line", "home", "activity"), weights=(40, 25, 22, 13))[0],
        used=used,
        capture=Capture(at=at),
        programme_version=version,
        **_answer(entry, used, rng),
    )
    received = at + timedelta(minutes=rng.randint(2, 600))
    return Check(draft, officer_of(entry.place.plot.subdistrict), received, entry.place)


def _answer(entry: Entry, used: str, rng: Random) -> dict[str, Any]:
    if used == "unreachable":
        return {"n_followed": 0, "n_used": 0, "next_step": "โทรอีกครั้งช่วงเย็น"}
    followed = rng.randint(max(1, entry.draft.n_total // 4), entry.draft.n_total)
    if used == "not_yet":
        return {"n_followed": followed, "n_used": 0, "reason": rng.choice(REASONS),
                "next_step": rng.choice(NEXT_STEPS)}  # fmt: skip
    if used == "starting":
        return {"n_followed": followed, "n_used": rng.randint(0, max(1, followed // 3)),
                "topics": entry.draft.topics[:1], "next_step": rng.choice(NEXT_STEPS)}  # fmt: skip
    return {"n_followed": followed} | _benefit(entry, followed, rng)


def _benefit(entry: Entry, followed: int, rng: Random) -> dict[str, Any]:
    """What they told: never measured, in round sums as people say them."""
    outcomes = {
        "saving",
        *rng.sample(("income", "safe_food", "health", "environment", "shared"), rng.randint(1, 2)),
    }
    return {
        "n_used": rng.randint(max(1, followed // 3), followed),
        "topics": entry.draft.topics,
        "outcomes": tuple(sorted(outcomes)),
        "plot_rai": Decimal(rng.choice(("0.25", "0.50", "1.00", "1.50", "3.00"))),
        "baht_saved_month": rng.randrange(300, 2_600, 100),
        "baht_earned_month": rng.randrange(500, 4_500, 250) if "income" in outcomes else None,
        "passed_on_to": rng.randint(1, 9) if "shared" in outcomes else None,
        "next_step": rng.choice(NEXT_STEPS) if rng.random() < 0.5 else None,
    }
