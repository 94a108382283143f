"""The administrator's pages: versions of the programme, editing, publishing, the year after."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.access import allow, current_actor
from app.accounts.queries import accounts_in_scope
from app.audit.history import StaleVersion
from app.rounds import phrases, service
from app.rounds.calendar import occurrences
from app.rounds.cloning import years_left
from app.rounds.differences import choice_lists, line_differences
from app.rounds.faults import Fault
from app.rounds.forms import ProgrammeForm, PublishForm
from app.rounds.impact import Impact, impact_of
from app.rounds.programme import ProgrammeRefused, programme_of_year, programmes_in_force
from app.rounds.reading import read_text
from app.rounds.schema import Programme
from app.rounds.service import AlreadyPublished, NothingChanged, OtherProgramme
from app.rounds.taking_up import take_up
from app.rounds.version_queries import (
    Shown,
    list_versions,
    newest_number,
    saved_version,
    version_named,
)
from app.shared.clock import Quarter, bangkok_day, now
from app.shared.db import db
from app.shared.errors import Problem
from app.shared.work import work
from app.web import nav
from app.web.locale import page_locale
from app.web.wording import wording

bp = Blueprint("programmes", __name__, url_prefix="/programme")
nav.register("programmes.index", _l("Programme"), "edit", roles=("admin",), order=80)
LONGEST_LINE = 1_000  # characters that the editor is wide at most


@bp.get("")
@allow("admin")
def index() -> ResponseReturnValue:
    """What is in force per fiscal year, and every version there is."""
    session = db.session()
    return render_template(
        "rounds/programmes.html",
        in_force=programmes_in_force(),
        versions=list_versions(session),
        names={one.name for one in programmes_in_force()},
        running=Quarter.of_day(bangkok_day(now())).fiscal_year,
        **_words(),
    )


@bp.get("/<name>")
@allow("admin")
def show(name: str) -> ResponseReturnValue:
    """One version: its calendar, form, lists and scale as people will see them."""
    shown = version_named(db.session(), name)
    programme, faults = _read(shown.text)
    return render_template(
        "rounds/version.html",
        shown=shown,
        is_in_force=shown.name in {one.name for one in programmes_in_force()},
        rival=_rival(shown),
        programme=programme,
        faults=faults,
        **_words(),
    )


@bp.get("/<name>/file")
@allow("admin")
def download(name: str) -> ResponseReturnValue:
    """The version's text as a file."""
    shown = version_named(db.session(), name)
    answer = Response(shown.text, content_type="application/yaml; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{shown.name}.yaml"'
    return answer


@bp.get("/<name>/changes")
@allow("admin")
def changes(name: str) -> ResponseReturnValue:
    """What differs, line by line, from another version: `?from=`, else the one in force."""
    session = db.session()
    after = version_named(session, name)
    before = version_named(session, request.args.get("from") or _rival(after) or name)
    others = [one for one in list_versions(session) if one.name != after.name]
    return render_template(
        "rounds/changes.html",
        before=before,
        after=after,
        others=others,
        lines=line_differences(before.text, after.text),
    )


@bp.route("/new", methods=["GET", "POST"])
@allow("admin")
def new() -> ResponseReturnValue:
    """A programme of another mission or year, from a file that somebody wrote."""
    return _editor(None)


@bp.route("/<name>/edit", methods=["GET", "POST"])
@allow("admin")
def edit(name: str) -> ResponseReturnValue:
    """Change a version's text; what is saved is the next version, not in force yet."""
    return _editor(version_named(db.session(), name))


@bp.post("/<name>/clone")
@allow("admin")
def clone(name: str) -> ResponseReturnValue:
    """The programme for the fiscal year after, a year later in everything, into the editor."""
    base = version_named(db.session(), name)
    note = _("From %(name)s, a year later", name=base.name)
    try:
        with work() as w:
            row = service.clone_for_next_year(
                w.session, base, note=note, actor=current_actor(), now=now()
            )
    except ProgrammeRefused as refusal:
        told = "; ".join(phrases.fault_words(fault) for fault in refusal.faults[:3])
        flash(_("This version has faults and cannot be taken over: %(told)s", told=told), "error")
        return redirect(url_for(".show", name=name), code=303)
    left = ", ".join(map(str, years_left(base.text, row.text, base.fiscal_year)))
    flash(_("This is the programme for fiscal year %(year)s. It is not in force yet.",
            year=row.fiscal_year), "done")  # fmt: skip
    if left:
        flash(_("These lines still name the year before: %(lines)s", lines=left), "warn")
    return redirect(url_for(".edit", name=row.name), code=303)


@bp.route("/<name>/publish", methods=["GET", "POST"])
@allow("admin")
def publish(name: str) -> ResponseReturnValue:
    """Put a saved version in force, after a look at what that changes."""
    shown = version_named(db.session(), name)
    programme, _faults = _read(shown.text)
    if not shown.is_draft or programme is None:
        return redirect(url_for(".show", name=name))
    form = PublishForm()
    if form.validate_on_submit():
        try:
            with work() as w:
                service.publish(
                    w.session, saved_version(w.session, name),
                    reason=form.reason.data or "", actor=current_actor(), now=now(),
                )  # fmt: skip
        except AlreadyPublished as refusal:
            flash(wording(refusal.code), "warn")
        else:
            take_up()
            flash(_("%(name)s is in force now.", name=name), "done")
        return redirect(url_for(".index"), code=303)
    page = render_template(
        "rounds/publish.html", form=form, shown=shown, impact=_impact(programme), **_words()
    )
    return page, 422 if form.errors else 200


def _editor(base: Shown | None) -> ResponseReturnValue:
    form = ProgrammeForm()
    newest = newest_number(db.session(), base.key, base.fiscal_year) if base else 0
    if not form.is_submitted():
        form.text.data, form.seen.data = base.text if base else "", newest
        return _editor_page(form, base)
    if not form.validate():
        return _editor_page(form, base)
    text, asked = form.text.data or "", request.form.get("do", "save")
    programme, faults = _read(text)
    if faults or asked != "save":
        return _editor_page(form, base, faults, programme, asked)
    try:
        with work() as w:
            row = service.save_version(
                w.session, text, base=base, seen=form.seen.data, note=form.note.data,
                actor=current_actor(), now=now(),
            )  # fmt: skip
    except (OtherProgramme, NothingChanged, StaleVersion) as refusal:
        form.refuse([Problem("", refusal.code, refusal.facts)])
        form.seen.data = newest
        return _editor_page(form, base)
    flash(_("Kept as version %(version)s. It is not in force yet.", version=row.version), "done")
    return redirect(url_for(".show", name=row.name), code=303)


def _editor_page(
    form: ProgrammeForm, base: Shown | None, faults: tuple[Fault, ...] = (),
    programme: Programme | None = None, asked: str = "",
) -> ResponseReturnValue:  # fmt: skip
    lines = (form.text.data or "").split("\n")
    page = render_template(
        "rounds/edit.html",
        form=form,
        base=base,
        faults=faults,
        wrong={fault.line for fault in faults},
        lines=lines,
        columns=min(max(map(len, lines)) + 2, LONGEST_LINE),
        programme=programme,
        asked=asked,
        **_words(),
    )
    return page, 422 if faults or form.errors or form.form_errors else 200


def _read(text: str) -> tuple[Programme | None, tuple[Fault, ...]]:
    try:
        return read_text(text, ""), ()
    except ProgrammeRefused as refusal:
        return None, refusal.faults


def _rival(shown: Shown) -> str | None:
    """What is in force for the year, if it is another version."""
    now_in_force = programme_of_year(shown.fiscal_year)
    return now_in_force.name if now_in_force and now_in_force.name != shown.name else None


def _impact(programme: Programme) -> Impact:
    before = programme_of_year(programme.fiscal_year)
    return impact_of(db.session(), before, programme, bangkok_day(now()))


def _words() -> dict[str, Any]:
    people = accounts_in_scope(db.session(), current_actor())
    return {
        "people": {account.id: account.name for account in people},
        "phrases": phrases,
        "locale": page_locale(),
        "occurrences": occurrences,
        "choice_lists": choice_lists,
    }
