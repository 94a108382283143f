"""Posts for tests: an ordinary one, but for what a test says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from app.publicity.kinds import POST
from app.records.draft import Draft
from app.rounds.programme import load_programme
from app.shared.ids import new_id
from app.shared.record import Capture

NOW = datetime(2024, 2, 20, 3, 0, tzinfo=UTC)
PROGRAMME = load_programme()
LINK = "https://www.facebook.com/pongcdd/posts/1"


def make_post(centre_id: UUID | None, **facts: Any) -> Draft:
    """A post of 1 February 2567 about a centre, or about Pong as such."""
    values: dict[str, Any] = {field.name: field.nothing for field in POST.fields} | {
        "channel": "facebook",
        "posted_on": date(2024, 2, 1),
        "title": "เอามื้อสามัคคี ขุดคลองไส้ไก่",
        "url": LINK,
        "side": "people",
    }
    return Draft(
        kind=POST.name,
        id=new_id(),
        centre_id=centre_id,
        district_code=None if centre_id else "5606",
        values=values | facts,
        capture=Capture(at=NOW),
        programme_version=PROGRAMME.name,
    )
