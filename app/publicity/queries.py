"""Reading posts: of some days, and those that share a link."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import Account
from app.accounts.rules import Actor
from app.publicity.models import Post
from app.records.queries import in_scope


def posts_between(session: Session, district_code: str, first: date, last: date) -> Sequence[Post]:
    """A district's posts of the days `first` to `last`, by centre and day, with their centres.

    The caller has checked that the district may be seen.
    """
    return session.scalars(_between(first, last).where(Post.district_code == district_code)).all()


def posts_seen_between(session: Session, actor: Actor, first: date, last: date) -> Sequence[Post]:
    """Every post of these days that the actor sees, by district, centre and day."""
    return session.scalars(_between(first, last).where(in_scope(Post, actor))).all()


def with_the_same_link(
    session: Session, actor: Actor, links: Iterable[str | None]
) -> dict[str, list[tuple[Post, str]]]:
    """Posts by link with who wrote each down, oldest first, for links that more than one post has.

    One query however many links; what lies outside the actor's area is not told.
    """
    wanted = {link for link in links if link}
    found: dict[str, list[tuple[Post, str]]] = {}
    if not wanted:
        return found
    rows = session.execute(
        select(Post, Account.name)
        .join(Account, Account.id == Post.recorder_id)
        .options(joinedload(Post.centre))
        .where(in_scope(Post, actor), Post.deleted_at.is_(None), Post.url.in_(wanted))
        .order_by(Post.posted_on, Post.id)
    )
    for post, name in rows:
        found.setdefault(post.url or "", []).append((post, name))
    return {link: posts for link, posts in found.items() if len(posts) > 1}


def _between(first: date, last: date) -> Select[Post]:
    return (
        select(Post)
        .options(joinedload(Post.centre))
        .where(Post.deleted_at.is_(None), Post.posted_on.between(first, last))
        .order_by(Post.district_code, Post.centre_id, Post.posted_on, Post.id)
    )
