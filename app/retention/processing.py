"""The record of processing (section 39): made from the marks on the tables, so it cannot lag."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel.speaklater import LazyString
from sqlalchemy import MetaData

from app.keeping.classes import CLASSES, KeepingClass
from app.keeping.fields import field_words
from app.keeping.words import (
    CLASS_WORDS,
    FIELD_NOTES,
    PEOPLE_WORDS,
    PURPOSE_WORDS,
    RECIPIENT_WORDS,
    THEN_WORDS,
)
from app.notices.text import BASIS_WORDS, how_long

_LIKE = {"photo_unconsented": "photo"}  # the same columns, of some of the people


@dataclass(frozen=True, slots=True)
class Activity:
    """One entry of the record, in words."""

    key: str
    title: LazyString
    people: list[str]
    fields: list[str]
    columns: list[str]  # table.column, for whoever checks it
    purpose: LazyString
    basis: LazyString
    period: str
    then: LazyString
    recipients: LazyString
    measures: LazyString


def record_of_processing(metadata: MetaData) -> list[Activity]:
    """Every class with what the tables hold of it."""
    return [_activity(each, metadata) for each in CLASSES]


def _activity(of: KeepingClass, metadata: MetaData) -> Activity:
    marked = list(_marked(_LIKE.get(of.key, of.key), metadata))
    return Activity(
        key=of.key,
        title=CLASS_WORDS[of.key],
        people=_once(str(PEOPLE_WORDS[whose]) for _, _, whose in marked),
        fields=_once(str(field_words(table, column)) for table, column, _ in marked),
        columns=[f"{table}.{column}" for table, column, _ in marked],
        purpose=PURPOSE_WORDS[of.key],
        basis=BASIS_WORDS[of.basis],
        period=str(how_long(of)),
        then=THEN_WORDS[of.then],
        recipients=RECIPIENT_WORDS[of.key],
        measures=FIELD_NOTES[of.key],
    )


def _marked(key: str, metadata: MetaData) -> Iterator[tuple[str, str, str]]:
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.info.get("personal") == key:
                yield table.name, column.name, str(column.info["of"])


def _once(words: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(words))
