"""The pages of a kind of record: list, new, show, edit, strike out, and a table to take away.

A slice makes one `RecordPages` on its blueprint; where its pages differ it overrides a hook
(`heading`, `prefill`, `refs`, `conditions`, `extra`) or gives a template of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial, wraps
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, send_file, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from sqlalchemy import ColumnElement

from app.accounts.access import allow, current_actor
from app.accounts.rules import Actor, Role
from app.areas.words import place_words
from app.records import queries, service
from app.records.addresses import record_url, register_address
from app.records.choices import choices_for
from app.records.draft import Draft
from app.records.forms import Pairs, RecordForm, form_for
from app.records.kinds import RecordKind
from app.records.places import (
    asked_filter,
    centre_choices,
    district_choices,
    filter_choices,
    place_of,
    usual_centre,
)
from app.records.queries import EntryFilter
from app.records.rules import check_fields
from app.records.tables import csv_of
from app.records.words import field_words, value_in_words, value_words, words_of
from app.rounds.programme import Programme, load_programme, programme_named
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.errors import DomainError, NotFound, Problem
from app.shared.panels import panels_for
from app.shared.record import capture_of
from app.shared.tables import CSV_TYPE
from app.shared.work import work
from app.visits.forms import ReasonForm
from app.visits.routes import LAST_CENTRE
from app.web.locale import page_locale

__all__ = ["RecordPages", "district_choices", "record_url", "usual_centre"]

_BOX_OF = {
    "unknown_centre": "centre_id", "centre_fixed": "centre_id", "unknown_area": "district_code",
}  # fmt: skip


class RecordPages:
    """The pages of one kind.  `shown` are the fields of the list, `groups` the form's parts.

    `groups`: heading, icon and fields of each card, on the form and on the record's page.
    `templates`: the slice's own for "list", "form" or "show", each extending `records/…`.
    """

    def __init__(
        self,
        kind: RecordKind,
        bp: Blueprint,
        labels: Mapping[str, LazyString] | None = None,
        *,
        path: str,
        icon_name: str = "list",
        shown: Sequence[str] = (),
        groups: Sequence[tuple[LazyString | None, str, Sequence[str]]] = (),
        readers: Sequence[Role] = (),
        templates: Mapping[str, str] | None = None,
        form: type[RecordForm] | None = None,
        without: Sequence[str] = (),
    ) -> None:
        self.kind, self.bp, self.path, self.icon_name = kind, bp, path, icon_name
        self.labels = labels or field_words(kind.name)
        self.form = form or form_for(kind, self.labels, without=without)
        self.shown = shown or tuple(field.name for field in kind.fields[:3])
        self.groups = groups or ((None, icon_name, [field.name for field in self.form.told]),)
        self.readers = readers
        self.templates = {n: f"records/{n}.html" for n in ("list", "form", "show")}
        self.templates |= templates or {}
        self._register()
        register_address(kind.name, f"{bp.name}.show")

    # --- hooks ---------------------------------------------------------------------------

    def heading(self, row: Any) -> str:
        """What to call a record."""
        return str(getattr(row, "title", None) or getattr(row, self.shown[0]))

    def prefill(self) -> Mapping[str, object]:
        """What stands in the boxes of a new record, from the page's address."""
        return {}

    def refs(self, actor: Actor, row: Any | None) -> Mapping[str, Pairs]:
        """What a record can name in its `ref` and `refs` fields: id and words."""
        named = [field.name for field in self.form.told if field.type in ("ref", "refs")]
        kind = self.kind.name
        return {name: choices_for(db.session(), actor, kind, name, row) for name in named}

    def new_form(self) -> RecordForm:
        """The form of a new record, before anything is offered in it."""
        return self.form(data={"centre_id": usual_centre(), **self.prefill()})

    def save_new(self, form: RecordForm) -> Any | None:
        """Judge and store a new record; None where something stands under a box now."""
        programme = self.programme_of(None)
        return self.save(form, form.to_draft(self.kind, programme.name), programme, service.record)

    def save(
        self, form: RecordForm, draft: Draft, programme: Programme, save: Callable[..., Any]
    ) -> Any | None:
        """Judge and store; None where something stands under a box now."""
        if not form.refuse(self.problems(draft, programme)):
            return None
        try:
            with work() as w:
                saved = save(
                    w.session, self.kind, draft, actor=current_actor(), now=now(),
                    programme=programme,
                )  # fmt: skip
        except NotFound:
            raise
        except DomainError as refusal:
            form.refuse([Problem(_BOX_OF.get(refusal.code, ""), refusal.code, refusal.facts)])
            return None
        return saved[0] if isinstance(saved, tuple) else saved

    def problems(self, draft: Draft, programme: Programme) -> list[Problem]:
        """Every reason to refuse it: its fields' and its kind's."""
        found = check_fields(draft, self.kind.fields, now=now(), programme=programme)
        return found + self.kind.check(draft, programme)

    def after_save(self, row: Any) -> str:
        """Where a new record leads."""
        return self.url("show", row)

    def places(self, _form: RecordForm, row: Any | None) -> tuple[Pairs, Pairs]:
        """The centres and the districts that the form offers; a stored record stays in its own."""
        actor = current_actor()
        if row is None:
            return centre_choices(actor, self.kind.level), district_choices(actor)
        return place_of(row)

    def conditions(self) -> Sequence[ColumnElement[bool]]:
        """What the slice's own filters in the address mean."""
        return ()

    def extra(self, _page: str, _row: Any | None) -> Mapping[str, object]:
        """What the slice's own template of "list", "form" or "show" needs besides."""
        return {}

    def programme_of(self, row: Any | None) -> Programme:
        """The programme whose lists the record was, or is now, filled under."""
        return programme_named(row.programme_version) if row else load_programme()

    # --- views ---------------------------------------------------------------------------

    def index(self) -> ResponseReturnValue:
        """The records in scope, newest day first."""
        actor, wanted, after = current_actor(), asked_filter(), request.args.get("after")
        page = queries.list_entries(
            db.session(), self.kind, actor, conditions=self._asked(wanted), search=wanted.search,
            after=after,
        )  # fmt: skip
        return self._render(
            "list", None,
            page=page, after=after, wanted=wanted, place=place_words(),
            asked={k: v for k, v in request.args.items() if v and k != "after"},
            columns=[self._heading_of(name) for name in self.shown[1:]], **filter_choices(actor),
        )  # fmt: skip

    def as_csv(self) -> ResponseReturnValue:
        """Everything the filter covers, as CSV; what is personal is left out."""
        wanted = asked_filter()
        rows = queries.entries_for_report(
            db.session(), self.kind, current_actor(), conditions=self._asked(wanted),
            search=wanted.search,
        )  # fmt: skip
        file = csv_of(self.kind, self.labels, rows)
        return send_file(file, CSV_TYPE, as_attachment=True, download_name=f"{self.kind.name}s.csv")

    def show(self, record_id: UUID) -> ResponseReturnValue:
        """One record with its photos, documents and history."""
        return self._show(queries.entry_for(db.session(), self.kind, current_actor(), record_id))

    def new(self) -> ResponseReturnValue:
        """Write one record.  The form's own id makes a second click harmless."""
        form = self._offered(self.new_form(), None)
        if form.is_submitted() and not form.asks_for_rows() and form.validate():
            row = self.save_new(form)
            if row is not None:
                if row.centre_id:
                    session[LAST_CENTRE] = str(row.centre_id)
                flash(_("Saved."), "done")
                return redirect(self.after_save(row), code=303)
        return self._form_page(form, None)

    def edit(self, record_id: UUID) -> ResponseReturnValue:
        """Correct a record: a new version, with who, when and what changed."""
        row = queries.entry_for(db.session(), self.kind, current_actor(), record_id)
        form = self._offered(self.form(data=self.form.values_of(row)), row)
        if form.is_submitted() and not form.asks_for_rows() and form.validate():
            form.id.data = record_id
            rest = {field.name: getattr(row, field.name) for field in self.kind.fields}
            draft = form.to_draft(
                self.kind, row.programme_version, capture=capture_of(row), rest=rest
            )
            save = partial(service.edit, expected_version=form.version.data or 0)
            if self.save(form, draft, self.programme_of(row), save) is not None:
                flash(_("The correction is saved."), "done")
                return redirect(url_for(".show", record_id=record_id), code=303)
        return self._form_page(form, row)

    def delete(self, record_id: UUID) -> ResponseReturnValue:
        """Strike a record out, with the reason."""
        actor, form = current_actor(), ReasonForm()
        row = queries.entry_for(db.session(), self.kind, actor, record_id)
        if not form.validate_on_submit():
            return self._show(row, reason=form)
        try:
            with work() as w:
                service.strike_out(
                    w.session, self.kind, record_id, expected_version=form.version.data or 0,
                    reason=form.reason.data or "", actor=actor, now=now(),
                )  # fmt: skip
        except NotFound:
            raise
        except DomainError as refusal:
            form.refuse([Problem("", refusal.code, refusal.facts)])
            return self._show(queries.entry_for(db.session(), self.kind, actor, record_id), form)
        flash(_("It is struck out and no longer counts."), "done")
        return redirect(url_for(".index"), code=303)

    # --- how -----------------------------------------------------------------------------

    def url(self, view: str, row: Any) -> str:
        """The address of a record's page, from anywhere."""
        return url_for(f"{self.bp.name}.{view}", record_id=row.id)

    def _register(self) -> None:
        read, write = allow(*self.readers), allow(*self.kind.writers)
        one, both = f"{self.path}/<uuid:record_id>", ("GET", "POST")
        for rule, name, mark, methods in (
            (self.path, "index", read, ("GET",)),
            (f"{self.path}.csv", "as_csv", read, ("GET",)),
            (f"{self.path}/new", "new", write, both),
            (one, "show", read, ("GET",)),
            (f"{one}/edit", "edit", write, both),
            (f"{one}/delete", "delete", write, ("POST",)),
        ):
            view: Callable[..., ResponseReturnValue] = mark(_view(getattr(self, name)))
            self.bp.add_url_rule(rule, name, view, methods=methods)

    def _offered(self, form: RecordForm, row: Any | None) -> RecordForm:
        centres, districts = self.places(form, row)
        return form.offer(
            self.programme_of(row), page_locale(), centres=centres, districts=districts,
            refs=self.refs(current_actor(), row),
        )  # fmt: skip

    def _form_page(self, form: RecordForm, row: Any | None) -> ResponseReturnValue:
        return self._render("form", row, form=form), 422 if form.errors else 200

    def _show(self, row: Any, reason: ReasonForm | None = None) -> ResponseReturnValue:
        html = self._render(
            "show", row,
            reason=reason or ReasonForm(formdata=None, data={"version": row.version}),
            history=queries.history_of(db.session(), row.id),
            panels=panels_for(self.kind.name, row),
            place=place_words(),
        )  # fmt: skip
        return html, 422 if reason is not None else 200

    def _render(self, name: str, row: Any | None, **facts: Any) -> str:
        programme = self.programme_of(row)
        context: dict[str, Any] = {
            "pages": self, "kind": self.kind, "words": words_of(self.kind.name),
            "labels": {**field_words(self.kind.name), **self.labels}, "row": row,
            "value": value_words(self.kind, programme), "value_of": value_in_words,
            "programme": programme,
            "writes": current_actor().role in self.kind.writers,
            "today": bangkok_day(now()),
        }  # fmt: skip
        own = self.extra(name, row)  # noqa: S610 - not Django's
        return render_template(self.templates[name], **context | facts | dict(own))

    def _heading_of(self, name: str) -> Mapping[str, object]:
        column = self.kind.model.__table__.columns.get(name)
        whole = column is not None and column.type.python_type is int
        return {"label": self.labels.get(name, name), "number": whole}

    def _asked(self, wanted: EntryFilter) -> list[ColumnElement[bool]]:
        return [*wanted.conditions(self.kind), *self.conditions()]


def _view(method: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """A function of its own: access is marked on it, and the token's check asks for its name."""

    @wraps(method)
    def view(**named: Any) -> ResponseReturnValue:
        return method(**named)

    return view
