"""The fingerprints' tables."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.shared.db import Model, UtcDateTime
from app.shared.personal import personal


class PhotoPrint(Model):
    """That a photo's fingerprint is in the index, and by which recipe it was made.

    `no` stands for the photo in `print_key`: a UUID there would make the index three times as
    large.  A photo whose picture has nothing to hold on to (a blank wall) has a row and no keys.
    """

    __tablename__ = "photo_print"

    no: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True
    )
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photo.id"), unique=True)
    recipe: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    keys: Mapped[bytes] = mapped_column(
        info=personal("photo", of="pictured")
    )  # as in `print_key`, 8 bytes each: so that they can be found there again


class PrintKey(Model):
    """One key of one picture.  The primary key is the index: nothing else is read.

    Written only by `index`, which keeps it in step with `PhotoPrint`.  A foreign key would read
    the whole table whenever a print goes: no index leads from a print to its keys.
    """

    __tablename__ = "print_key"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    print_no: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False
    )
