"""Beats: how a copied storage is noticed.

Every heartbeat brings the beat it was given by the last one and takes a new one home.  Two
storages with one past cannot both do so: the one left behind brings a beat that is neither the
present nor the one before.  The one before still counts, because an answer may get lost on the
way.  Pure.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

_BEAT_BYTES = 12
BEAT_LENGTH = 16  # characters; the table's column holds two


@dataclass(frozen=True, slots=True)
class Answer:
    """What to keep, and what to tell the phone; no beat for a copy: it has to enrol anew."""

    kept: str | None
    beat: str | None
    forked: bool


def new_beat() -> str:
    """A beat nobody can guess."""
    return secrets.token_urlsafe(_BEAT_BYTES)


def answer_beat(kept: str | None, brought: str | None, fresh: str) -> Answer:
    """Judge the beat a phone brought by what was kept of it: the present beat, then the last."""
    last = brought or ""
    if kept is None:  # nothing told since it enrolled
        return Answer(_keep(fresh, last), fresh, forked=False)
    present, before = kept[:BEAT_LENGTH], kept[BEAT_LENGTH:]
    if last == present:
        return Answer(_keep(fresh, present), fresh, forked=False)
    if last == before:  # our last answer never arrived, or two of its tabs ask at once
        return Answer(kept, present, forked=False)
    return Answer(kept, None, forked=True)


def _keep(present: str, before: str) -> str:
    return present + (before if len(before) == BEAT_LENGTH else "")
