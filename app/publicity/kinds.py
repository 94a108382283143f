"""What a post is made of."""

from __future__ import annotations

from app.publicity.models import Post
from app.publicity.rules import clean_link
from app.records.draft import Draft
from app.records.fields import Field
from app.records.kinds import RecordKind, register_kind
from app.rounds.programme import Programme
from app.shared.errors import Problem

FIELDS = (
    Field("channel", "choice", needed=True, offered="channels"),
    Field("posted_on", "day", needed=True),
    Field("title", "text", needed=True),
    Field("url", "link"),
    Field("side", "choice", offered="five_p"),
    Field("read_on", "day"),
    Field("views", "whole"),
    Field("likes", "whole"),
    Field("shares", "whole"),
    Field("screenshot_id", "ref"),
)


def check(draft: Draft, _programme: Programme) -> list[Problem]:
    """A link or a screenshot, and numbers only with the day they were read."""
    told = draft.values
    problems = []
    if not told["url"] and not told["screenshot_id"]:
        problems.append(Problem("url", "link_or_screenshot"))
    numbers = [told[name] for name in ("views", "likes", "shares")]
    if any(number is not None for number in numbers) and told["read_on"] is None:
        problems.append(Problem("read_on", "required"))
    if told["read_on"] and told["posted_on"] and told["read_on"] < told["posted_on"]:
        problems.append(Problem("read_on", "ends_before_start"))
    return problems


POST = register_kind(
    RecordKind(
        name="post",
        model=Post,
        fields=FIELDS,
        day="posted_on",
        level="either",
        writers=("volunteer", "officer", "admin"),
        searched=("title", "url"),
        check=check,
        # By whichever door it came: one page has one link.
        derive=lambda draft, _programme: {"url": clean_link(draft.values["url"])},
    )
)
