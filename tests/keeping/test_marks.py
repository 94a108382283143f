"""Every column that could hold somebody's name is marked with its class, or it is said why not."""

from __future__ import annotations

from importlib import import_module

from app import SLICES
from app.keeping import words
from app.keeping.classes import CLASSES, keeping_class
from app.keeping.marks import idle, unmarked, why_not
from app.shared.db import db

for name, parts in SLICES.items():
    if "models" in parts:
        import_module(f"app.{name}.models")
MARKED = [
    column
    for table in db.metadata.sorted_tables
    for column in table.columns
    if "personal" in column.info
]


def test_no_column_of_words_is_forgotten():
    assert unmarked(db.metadata) == []


def test_no_reason_outlives_its_column():
    assert idle(db.metadata) == []


def test_every_mark_names_a_class_and_whose_data_it_is_in_words():
    for column in MARKED:
        keeping_class(str(column.info["personal"]))
        assert str(column.info["of"]) in words.PEOPLE_WORDS, column


def test_no_column_is_both_marked_and_explained_away_where_it_stands():
    assert [str(column) for column in MARKED if f"{column}" in why_not_here()] == []


def why_not_here() -> set[str]:
    from app.keeping.marks import _HERE

    return set(_HERE)


def test_every_class_is_used_and_said_in_words():
    used = {column.info["personal"] for column in MARKED}
    unused = {each.key for each in CLASSES} - used - {"photo_unconsented"}
    assert not unused
    for each in CLASSES:
        for said in (
            words.CLASS_WORDS, words.PURPOSE_WORDS, words.RECIPIENT_WORDS, words.FIELD_NOTES,
        ):  # fmt: skip
            assert each.key in said
    assert why_not is not None
