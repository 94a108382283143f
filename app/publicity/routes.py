"""The pages of posts: the list, the form that begins with a link, one post with its readings."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid5

from flask import current_app, request
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from app.accounts.access import current_actor
from app.documents.kinds import DOCUMENT, kind_or_last
from app.documents.models import Document
from app.documents.service import keep_file, receive_document
from app.publicity import monthly
from app.publicity.blueprint import bp
from app.publicity.forms import PostForm
from app.publicity.kinds import POST
from app.publicity.models import Post
from app.publicity.queries import with_the_same_link
from app.publicity.rules import readings_of
from app.publicity.words import LABELS
from app.records.draft import Draft
from app.records.forms import RecordForm
from app.records.kinds import RecordKind
from app.records.pages import RecordPages, record_url
from app.records.queries import entries, history_of
from app.rounds.programme import Programme
from app.rounds.words import choice_pairs
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.errors import DomainError
from app.shared.thai import clean_file_name
from app.web.sealed import store
from app.web.wording import wording

__all__ = ["bp", "monthly"]


def shot_draft(post: Draft, file: Mapping[str, object], today: date, programme: Programme) -> Draft:
    """The draft of the document that a post's screenshot is."""
    values = {field.name: field.nothing for field in DOCUMENT.fields} | {
        "kind": kind_or_last("screenshot", programme),
        "title": str(post.values["title"] or "")[:200],
        "dated_on": post.values["read_on"] or today,
        "subject_kind": "post",
        "subject_id": post.id,
        **file,
    }
    named = uuid5(post.id, str(file["file_sha256"]))
    return replace(post, kind="document", id=named, values=values)


def place_shot(shot: Draft, post: Post) -> Draft:
    """A screenshot lies where its post lies."""
    code = None if post.centre_id else post.district_code
    return replace(shot, centre_id=post.centre_id, district_code=code)


class PostPages(RecordPages):
    """Posts, with what the channel's own name and the link can tell."""

    def prefill(self) -> Mapping[str, object]:
        """A link and a title handed over in the address (shared from another app)."""
        told = {name: request.args.get(name, "")[:1_000] for name in ("url", "title")}
        return {name: text for name, text in told.items() if text}

    def conditions(self) -> Sequence[ColumnElement[bool]]:
        """Posts of the channel asked for."""
        channel = request.args.get("channel", "")[:20]
        return (Post.channel == channel,) if channel else ()

    def extra(self, page: str, row: Any | None) -> Mapping[str, object]:
        """The channels, their hosts, and the readings of one post."""
        channels = self.programme_of(row).channels
        if page == "form":
            hosts = [[channel.key, list(channel.hosts)] for channel in channels if channel.hosts]
            return {"hosts": json.dumps(hosts)}
        if page == "list" or row is None:
            return {"channels": choice_pairs("channels")}
        same = with_the_same_link(db.session(), current_actor(), [row.url])
        shot = (
            db.session()
            .scalars(entries(DOCUMENT, current_actor()).where(Document.id == row.screenshot_id))
            .one_or_none()
        )
        return {
            "screenshot": shot,
            "screenshot_url": record_url("document", shot.id) if shot else None,
            "readings": readings_of(row, [one for one, _name in history_of(db.session(), row.id)]),
            "twins": [pair for pair in same.get(row.url, []) if pair[0].id != row.id],
        }

    def save(
        self, form: RecordForm, draft: Draft, programme: Programme, save: Callable[..., Any]
    ) -> Any | None:
        """Keep the screenshot first, then the document that says so together with the post."""
        shot = self._screenshot(form, draft, programme)
        if form["screenshot"].errors:
            return None
        if shot is None:
            return super().save(form, draft, programme, save)

        def both(session: Session, kind: RecordKind, told: Draft, **more: Any) -> Any:
            saved = save(session, kind, told, **more)
            post = saved[0] if isinstance(saved, tuple) else saved
            receive_document(session, DOCUMENT, place_shot(shot, post), **more)
            return saved

        named = replace(draft, values={**draft.values, "screenshot_id": shot.id})
        return super().save(form, named, programme, both)

    def _screenshot(self, form: RecordForm, draft: Draft, programme: Programme) -> Draft | None:
        """The document of the screenshot that was chosen, its bytes safely kept; else None.

        Its id follows from post and bytes, so that a second click makes the same document.
        """
        sent = form["screenshot"].data
        if not isinstance(sent, FileStorage) or not sent.filename:
            return None
        most = current_app.config["SETTINGS"].photo_max_bytes
        try:
            kept = keep_file(store(), sent.stream, max_bytes=most)
        except DomainError as refusal:
            facts = {"max_mb": most // 1_000_000, **refusal.facts}
            form["screenshot"].errors = [wording(refusal.code, facts)]
            return None
        file = kept.facts(clean_file_name(sent.filename))
        return shot_draft(draft, file, bangkok_day(now()), programme)

    def _render(self, name: str, row: Any | None, **facts: Any) -> str:
        if name == "list":
            links = [post.url for post in facts["page"].items]
            facts["same"] = with_the_same_link(db.session(), current_actor(), links)
        return super()._render(name, row, **facts)


pages = PostPages(
    POST,
    bp,
    LABELS,
    path="/publicity",
    icon_name="send",
    shown=("title", "channel", "side", "views"),
    form=PostForm,
    templates={
        "list": "publicity/list.html",
        "form": "publicity/form.html",
        "show": "publicity/show.html",
    },
)
