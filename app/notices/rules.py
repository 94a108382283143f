"""What may be said of the controller.  Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from app.shared.errors import Problem
from app.shared.personal import holds_id_number

if TYPE_CHECKING:
    from app.notices.service import ControllerFacts

MOST = {
    "name": 200,
    "address": 300,
    "phone": 40,
    "email": 120,
    "dpo_name": 200,
    "dpo_phone": 40,
    "dpo_email": 120,
    "hosted_at": 200,
    "more": 2_000,
}  # fmt: skip - code points, the columns' limits


def check_facts(facts: ControllerFacts) -> list[Problem]:
    """Every reason to refuse what the notice would say, in form order."""
    return list(_problems({k: v for k, v in asdict(facts).items() if k in MOST}))


def _problems(words: dict[str, str | None]) -> Iterator[Problem]:
    for name, text in words.items():
        if text and len(text) > MOST[name]:
            yield Problem(name, "too_long", {"max": MOST[name]})
        elif text and holds_id_number(text):
            yield Problem(name, "national_id_refused")
    if not any(words[name] for name in ("phone", "email", "dpo_phone", "dpo_email")):
        yield Problem("phone", "contact_needed")
