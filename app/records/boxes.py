"""Boxes of records' forms that other forms have not: answers, other records, and rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import FieldList, FormField, widgets

from app.records.choices import Pairs
from app.visits.forms import ChoiceBox
from app.web.forms import ChoiceChips, MultiChips, PageForm, offered

MOST_CHIPS = 8  # more answers than that are a list to choose from


class AnswerBox(ChoiceChips):
    """One answer: chips to tap while they are few, a list when they are many."""

    def offer(self, pairs: Pairs, *, needed: bool) -> None:
        """Fill in the answers; one that need not be given can be taken back."""
        self.as_list = len(pairs) > MOST_CHIPS
        nothing = [("", _("Choose") if needed else _("Not given"))]
        self.choices = offered([*(nothing if self.as_list or not needed else ()), *pairs])
        if self.as_list:
            self.widget = widgets.Select()


class RefBox(ChoiceBox):
    """Another record; the one that is stored may always stay."""

    def offer(self, pairs: Pairs) -> None:
        """Fill in what can be named."""
        kept = str(self.object_data or "")
        known = [str(key) for key, _words in pairs]
        stays = [(kept, _("As it is"))] if kept and kept not in known else []
        self.choices = offered([("", _("Not given")), *stays, *pairs])


class RefsBox(MultiChips):
    """Pieces of evidence; those that are stored may always stay."""

    def offer(self, pairs: Pairs) -> None:
        """Fill in what can be named."""
        known = [str(key) for key, _words in pairs]
        kept = [str(key) for key in self.object_data or () if str(key) not in known]
        self.choices = offered([*((key, _("As it is")) for key in kept), *pairs])


class RowForm(PageForm):
    """One row; an untouched one is none."""

    class Meta:
        """The form carries the token for all its rows."""

        csrf = False

    @property
    def untouched(self) -> bool:
        """Whether nothing was written in this row."""
        return all(box.data in (None, "", []) and not box.errors for box in self)


class RowsBox(FieldList):
    """Rows of boxes; more can be added, and those left empty go away."""

    def __init__(self, row_form: type[RowForm], label: Any, validators: Any = None, **kw: Any):
        super().__init__(FormField(row_form), label, validators, **kw)
        self.row_form = row_form
        self.fill: Any = lambda _row: None  # gives a row's boxes their answers

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterable[int]:
        """The numbers of the rows sent; what is no plain number is no row."""
        for key in formdata:
            place = key.removeprefix(f"{prefix}-").partition("-")[0]
            if key.startswith(f"{prefix}-") and place.isascii() and place.isdecimal():
                yield int(place[:6])

    def offer(self, fill: Any) -> None:
        """Give every row's boxes their answers, those of later rows too."""
        self.fill = fill
        for entry in self.entries:
            fill(entry.form)

    def add_row(self) -> None:
        """One more empty row at the end."""
        self.fill(self.append_entry().form)

    def at_least_one(self) -> Sequence[Any]:
        """The rows to show: an empty one where there is none."""
        if not self.entries:
            self.add_row()
        return self.entries

    def drop_untouched(self) -> None:
        """Take empty rows away, so that a row's place is its place in the draft."""
        for place in reversed(range(len(self))):
            if self[place].form.untouched:
                self.pop_entry(place)

    @property
    def blank(self) -> RowForm:
        """An empty row for the page's script to copy."""
        row = self.row_form(formdata=None, prefix=f"{self.name}-__n__-")
        self.fill(row)
        return row
