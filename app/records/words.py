"""The words of kinds of records and of their fields, in the reader's language.

A slice registers them beside its kind; forms, lists, histories and the comparison of two versions
read them here, so that a field is called the same wherever it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from app.records.fields import Field
from app.records.kinds import RecordKind
from app.rounds.programme import Programme, choice_label, load_programme
from app.web.filters import number, thai_day
from app.web.locale import page_locale

PLACE_WORDS = {"centre_id": _l("Centre"), "district_code": _l("District")}


@dataclass(frozen=True, slots=True)
class KindWords:
    """What a kind is called: one of it, many of it, and the door to a new one."""

    title: LazyString | str
    many: LazyString | str
    new: LazyString | str
    labels: Mapping[str, LazyString] = field(default_factory=dict)


_WORDS: dict[str, KindWords] = {
    "visit": KindWords(_l("The visit"), _l("Visitor book"), _l("New visit")),
    "followup": KindWords(_l("The follow-up"), _l("Follow-ups"), _l("New follow-up")),
}


def register_words(
    kind_name: str,
    *,
    title: LazyString,
    labels: Mapping[str, LazyString],
    many: LazyString | None = None,
    new: LazyString | None = None,
) -> KindWords:
    """Say what a kind and its fields are called; a row's column is `members.phone`."""
    words = KindWords(title, many or title, new or title, labels)
    _WORDS[kind_name] = words
    return words


def words_of(kind_name: str) -> KindWords:
    """What the kind is called; its own name where nobody registered words."""
    return _WORDS.get(kind_name) or KindWords(kind_name, kind_name, kind_name)


def field_words(kind_name: str) -> Mapping[str, LazyString]:
    """What each field of the kind is called, centre and district among them."""
    return {**PLACE_WORDS, **words_of(kind_name).labels}


def value_words(
    kind: RecordKind, programme: Programme | None = None
) -> Callable[[str, object], str]:
    """A function from a field and its value - stored, or out of a history - to words."""
    told = programme or load_programme()
    fields = {one.name: one for one in kind.fields}
    return lambda name, value: value_in_words(fields.get(name), value, told)


def value_in_words(told: Field | None, value: object, programme: Programme) -> str:
    """A field's value in words: days Buddhist, answers by their names, rows counted."""
    if value is None or value in ([], ""):
        return _("nothing")
    if told is None:
        return str(value)
    if told.type == "day":
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
        return thai_day(day)
    if told.type in ("choice", "choices"):
        keys = value if isinstance(value, list) else [value]
        offered, locale = told.choices(programme), page_locale()
        return ", ".join(choice_label(offered, str(key), locale) for key in keys)
    return _counted(told, value)


def _counted(told: Field, value: object) -> str:
    """Numbers and what is counted; text as it stands."""
    if told.type == "rows" and isinstance(value, list):
        return ngettext("%(num)d line", "%(num)d lines", len(value))
    if told.type == "refs" and isinstance(value, list):
        return ngettext("%(num)d piece of evidence", "%(num)d pieces of evidence", len(value))
    if told.type == "whole" and isinstance(value, int):
        return str(value) if told.name == "fiscal_year" else number(value)
    return str(value)
