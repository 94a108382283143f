"""The form of a kind of record, built from its fields: shape here, rules in rules.py."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Self
from uuid import UUID

from flask import request
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.records.boxes import AnswerBox, RefBox, RefsBox, RowForm, RowsBox
from app.records.choices import Pairs
from app.records.draft import Draft
from app.records.fields import Field
from app.records.kinds import RecordKind
from app.rounds.programme import Programme
from app.shared.clock import bangkok_day, now
from app.shared.errors import Problem
from app.shared.record import Capture
from app.visits.forms import ChoiceBox, RecordId
from app.web.forms import (
    IntegerBox,
    LongTextBox,
    MultiChips,
    Needed,
    PageForm,
    TextBox,
    ThaiDateField,
    VersionBox,
    offered,
)

__all__ = ["Pairs", "RecordForm", "RefsBox", "RowForm", "RowsBox", "form_for"]

Labels = Mapping[str, LazyString]


class RecordForm(PageForm):
    """The form of one record: its place, and a box for each of its fields."""

    told: ClassVar[tuple[Field, ...]] = ()  # the fields that have a box

    id = RecordId()
    version = VersionBox()
    centre_id = ChoiceBox(_l("Centre"))
    district_code = ChoiceBox(_l("District"))

    def offer(
        self,
        programme: Programme,
        locale: str,
        *,
        centres: Pairs = (),
        districts: Pairs = (),
        refs: Mapping[str, Pairs] | None = None,
    ) -> Self:
        """Fill in what can be chosen: the programme's lists, places, and other records."""
        for name, pairs in (("centre_id", centres), ("district_code", districts)):
            if name in self:
                self[name].choices = offered(pairs)
        _offer(self, self.told, programme, locale, refs or {})
        return self

    def asks_for_rows(self) -> bool:
        """Whether the button of some rows was pressed: one row more, and nothing is judged."""
        asked = [box for box in self if f"add-{box.name}" in request.form]
        for box in asked:
            box.add_row()
        return bool(asked)

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge the shape of what was typed; rows that were left empty go away."""
        for box in self:
            if isinstance(box, RowsBox):
                box.drop_untouched()
        return super().validate(extra_validators)

    def refuse(self, problems: Iterable[Problem]) -> bool:
        """Put each problem's sentence under its box; `members-2-phone` stands in a row."""
        acceptable = True
        for problem in problems:
            acceptable = False
            self._refuse_one(problem)
        return acceptable

    def _refuse_one(self, problem: Problem) -> None:
        name, _dash, rest = problem.field.partition("-")
        place, _dash, column = rest.partition("-")
        rows: Any = self._fields.get(name)
        if isinstance(rows, RowsBox) and place.isdecimal() and int(place) < len(rows):
            rows[int(place)].form.refuse([Problem(column, problem.code, problem.facts)])
            rows.errors = [entry.errors for entry in rows]
            return
        if name == "centre_id" and name not in self:
            problem = Problem("district_code", problem.code, problem.facts)
        super().refuse([problem])

    def to_draft(
        self,
        kind: RecordKind,
        programme_version: str,
        *,
        capture: Capture | None = None,
        rest: Mapping[str, Any] | None = None,
    ) -> Draft:
        """The record as typed.  `rest` says what fields without a box hold."""
        centre = self["centre_id"].data if "centre_id" in self else None
        district = self["district_code"].data if "district_code" in self else None
        values = {field.name: (rest or {}).get(field.name, field.nothing) for field in kind.fields}
        return Draft(
            kind=kind.name,
            id=self.id.data,
            centre_id=UUID(centre) if centre else None,
            district_code=None if centre else district or None,
            values=values | {field.name: _told(field, self[field.name]) for field in self.told},
            capture=capture or self.id.capture,
            programme_version=programme_version,
        )

    @classmethod
    def values_of(cls, row: Any) -> dict[str, object]:
        """What the form shows for a stored record."""
        return {field.name: _shown(field, getattr(row, field.name)) for field in cls.told} | {
            "version": row.version,
            "centre_id": str(row.centre_id or ""),
            "district_code": row.district_code,
        }


def form_for(
    kind: RecordKind,
    labels: Labels,
    *,
    without: Collection[str] = (),
    defaults: Mapping[str, object] | None = None,
) -> type[RecordForm]:
    """The form of a kind.  A row's column is labelled `members.phone`, or else `phone`.

    `without` names fields that get no box; `defaults` what stands in a box of a new record.
    """
    told = tuple(field for field in kind.fields if field.name not in without)
    usual: dict[str, object] = dict(defaults or {})
    if not kind.field(kind.day).may_come:
        usual.setdefault(kind.day, lambda: bangkok_day(now()))
    boxes: dict[str, Any] = {"told": told}
    if kind.level == "centre":
        boxes |= {"centre_id": ChoiceBox(_l("Centre"), [Needed()]), "district_code": None}
    elif kind.level == "district":
        boxes |= {"centre_id": None, "district_code": ChoiceBox(_l("District"), [Needed()])}
    boxes |= {field.name: _box(field, labels, usual.get(field.name)) for field in told}
    return type(f"{kind.model.__name__}Form", (RecordForm,), boxes)


_BOXES: dict[str, type[Any]] = {
    "lines": LongTextBox,
    "day": ThaiDateField,
    "choice": AnswerBox,
    "choices": MultiChips,
    "whole": IntegerBox,
    "ref": RefBox,
    "refs": RefsBox,
}


def _box(field: Field, labels: Labels, default: object = None, within: str = "") -> Any:
    label = labels.get(within + field.name) or labels.get(field.name, field.name)
    needed = [Needed()] if field.needed else []
    if field.type == "rows":
        columns = {c.name: _box(c, labels, within=f"{field.name}.") for c in field.columns}
        return RowsBox(type(f"{field.name.title()}Row", (RowForm,), columns), label, needed)
    extra: dict[str, Any] = {} if default is None else {"default": default}
    if field.type == "link":
        extra["render_kw"] = {"inputmode": "url", "autocomplete": "off", "placeholder": "https://"}
    return _BOXES.get(field.type, TextBox)(label, needed, **extra)


def _offer(
    form: PageForm,
    fields: Sequence[Field],
    programme: Programme,
    locale: str,
    refs: Mapping[str, Pairs],
    within: str = "",
) -> None:
    """Give the boxes of `fields` their answers, rows and all."""
    for field in fields:
        box: Any = form[field.name]
        if field.type == "choice":
            pairs = [(c.key, c.in_(locale)) for c in field.choices(programme)]
            box.offer(pairs, needed=field.needed)
        elif field.type == "choices":
            box.choices = offered((c.key, c.in_(locale)) for c in field.choices(programme))
        elif field.type in ("ref", "refs"):
            box.offer(refs.get(within + field.name, ()))
        elif field.type == "rows":
            columns, inside = field.columns, f"{field.name}."
            box.offer(lambda row, c=columns, i=inside: _offer(row, c, programme, locale, refs, i))


def _told(field: Field, box: Any) -> Any:
    """A box's answer as a draft holds it."""
    if field.type == "rows":
        return [{c.name: _told(c, row.form[c.name]) for c in field.columns} for row in box]
    if field.type in ("choices", "refs"):
        return list(box.data or ())
    if field.type == "ref":
        return UUID(box.data) if box.data else None
    return (box.data or None) if field.type == "choice" else box.data


def _shown(field: Field, value: Any) -> Any:
    """A stored value as its box takes it."""
    return str(value or "") if field.type == "ref" else value
