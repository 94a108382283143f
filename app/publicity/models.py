"""The posts' table."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.records.models import Entry, entry_args
from app.shared.db import Model
from app.shared.personal import personal


class Post(Entry, Model):
    """One publication.  Posts are edited and deleted by others, so the screenshot (a document) and
    the day it was read are what counts; views, likes and shares are as its people read them.
    """

    __tablename__ = "post"
    __table_args__ = (
        CheckConstraint("views >= 0 AND likes >= 0 AND shares >= 0", name="counts_positive"),
        *entry_args("post", "posted_on"),
    )

    posted_on: Mapped[date]
    channel: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200), info=personal("record", of="named"))
    url: Mapped[str | None] = mapped_column(String(1000), info=personal("record", of="named"))
    side: Mapped[str | None] = mapped_column(String(20))
    read_on: Mapped[date | None]
    views: Mapped[int | None]
    likes: Mapped[int | None]
    shares: Mapped[int | None]
    screenshot_id: Mapped[UUID | None]  # a document, which may come later
