"""Links without what follows people about, the channel a link belongs to, readings, sums.  Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit, urlunsplit

from app.rounds.schema import Channel

# What networks hang on a link to follow who passed it on; the page is the same without.
# static/src/js/web/links.js has the same list; tests/contract/link_cases.json tries both.
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|yclid|twclid|ttclid|li_fat_id|igsh|igshid|mibextid|"
    r"mc_[ce]id|_rdr|_rdc|__cft__(\[\d+\])?|__tn__|__xts__(\[\d+\])?|rdid|share_url|si|"
    r"sfnsn|extid|ref_src|ref_url|is_from_webapp|sender_device|web_id|_t|_r",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*:", re.IGNORECASE)
NUMBERS = ("views", "likes", "shares")


def clean_link(typed: str | None) -> str | None:
    """The link without tracking parameters, its host in small letters; `https://` where none stood.

    What cannot be read as a link comes back as typed: rules refuse it, not this.
    """
    if not typed:
        return None
    text = typed.strip()
    if not _SCHEME.match(text) and "." in text.split("/")[0]:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        is_link = parts.scheme.lower() in ("http", "https") and parts.hostname
        if not is_link or any(sign.isspace() for sign in text):
            return typed
    except ValueError:
        return typed
    query = "&".join(pair for pair in parts.query.split("&") if not _follows(pair))
    return urlunsplit(
        (parts.scheme.lower(), parts.netloc.lower(), parts.path, query, parts.fragment)
    )


def _follows(pair: str) -> bool:
    return bool(_TRACKING.fullmatch(unquote(pair.partition("=")[0])))


def channel_of(link: str | None, channels: Iterable[Channel]) -> str | None:
    """The channel at whose hosts the link lies (`m.facebook.com` is under `facebook.com`)."""
    try:
        host = (urlsplit(link or "").hostname or "").lower()
    except ValueError:
        return None
    for channel in channels:
        if any(host == known or host.endswith(f".{known}") for known in channel.hosts):
            return channel.key
    return None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the numbers of a post were on one day, as its own people read them."""

    read_on: date
    views: int | None
    likes: int | None
    shares: int | None


class Changed(Protocol):
    """A version of a post: field -> [before, after]."""

    changes: Any


def readings_of(post: Any, versions: Iterable[Changed]) -> list[Reading]:
    """Every reading of a post, newest first, worked back from its `versions` (newest first).

    Two corrections of one day's reading are one reading: the later one.
    """
    values = {name: getattr(post, name) for name in ("read_on", *NUMBERS)}
    found: dict[date, Reading] = {}
    _keep(found, values)
    for version in versions:
        for name, pair in (version.changes or {}).items():
            if name in values and pair:
                values[name] = _day(pair[0]) if name == "read_on" else pair[0]
        _keep(found, values)
    return sorted(found.values(), key=lambda reading: reading.read_on, reverse=True)


def _keep(found: dict[date, Reading], values: dict[str, Any]) -> None:
    if values["read_on"] and any(values[name] is not None for name in NUMBERS):
        reading = Reading(values["read_on"], *(values[name] for name in NUMBERS))
        found.setdefault(reading.read_on, reading)


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


@dataclass(slots=True)
class Sums:
    """How many posts, and their numbers added up; `unread` posts have none."""

    posts: int = 0
    views: int = 0
    likes: int = 0
    shares: int = 0
    unread: int = 0
    by_side: dict[str, int] = field(default_factory=dict)

    def add(self, post: Any) -> None:
        """Count one post."""
        self.posts += 1
        for name in NUMBERS:
            setattr(self, name, getattr(self, name) + (getattr(post, name) or 0))
        self.unread += all(getattr(post, name) is None for name in NUMBERS)
        self.by_side[post.side or ""] = self.by_side.get(post.side or "", 0) + 1


def sums_by(posts: Iterable[Any], *names: str) -> dict[tuple[Any, ...], Sums]:
    """Sums of the posts that agree in the fields `names` (`district_code`, `channel`)."""
    found: dict[tuple[Any, ...], Sums] = {}
    for post in posts:
        found.setdefault(tuple(getattr(post, name) for name in names), Sums()).add(post)
    return found


def without_post(centres: Sequence[Any], posts: Iterable[Any]) -> list[Any]:
    """Open centres that no post of the month is about."""
    told = {post.centre_id for post in posts}
    return [one for one in centres if one.status == "active" and one.id not in told]
