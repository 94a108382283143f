"""What the notice says of each class of data, out of the same periods that are kept."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from app.keeping.classes import CLASSES, KeepingClass
from app.keeping.words import CLASS_WORDS, THEN_WORDS

BASIS_WORDS: dict[str, LazyString] = {
    "24(4)": _l("task in the public interest, section 24(4)"),
    "19": _l("your consent, sections 19 and 24"),
    "24(6)": _l("duty by law, section 24(6)"),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """One line of the table of periods."""

    what: LazyString
    basis: LazyString
    how_long: str
    then: LazyString


def how_long(kept: KeepingClass) -> str:
    """A period in words: 2 fiscal years, 90 days."""
    if kept.unit == "days":
        return ngettext("%(num)d day", "%(num)d days", kept.period)
    return ngettext("%(num)d fiscal year", "%(num)d fiscal years", kept.period)


def purposes() -> dict[str, Kept]:
    """Every class of data by its key."""
    return {
        each.key: Kept(
            CLASS_WORDS[each.key], BASIS_WORDS[each.basis], how_long(each), THEN_WORDS[each.then]
        )
        for each in CLASSES
    }
