"""The forms of every kind of record for the shell, and what their scripts must know of them.

The boxes are those of the server's pages (`app.records.forms`); only how they are grouped is the
phone's own: what is needed first, then what else can be said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.accounts.rules import Role
from app.activities.kinds import ACTIVITY
from app.assessments.kinds import ASSESSMENT
from app.documents.kinds import DOCUMENT
from app.networks.kinds import NETWORK_ORDER
from app.phone.blueprint import bp
from app.plans.kinds import PLAN_ITEM, PLAN_RESULT
from app.publicity.kinds import POST
from app.records.fields import facts_for_phone
from app.records.forms import RecordForm, form_for
from app.records.kinds import RecordKind
from app.records.words import field_words, words_of
from app.rounds.programme import Programme, load_programme
from app.web.locale import page_locale

Group = tuple[LazyString | None, Sequence[str]]
_LISTS = (
    "five_p", "strategies", "grades", "sectors", "activity_kinds", "document_kinds", "order_acts",
    "budget_sources", "channels", "return_reasons", "assessment",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """How one kind is shown on the phone.  `file`: the field that takes a file's id."""

    kind: RecordKind
    icon: str
    called: str  # the field that says which one it is
    groups: Sequence[Group]
    file: str | None = None


MORE_WORDS = _l("What else there is to say")
# In the order of a volunteer's, then of an officer's, day.
SHOWN = (
    Shown(
        ACTIVITY, "leaf", "title",
        (
            (None, ("title", "kind", "sides", "held_on", "n_male", "n_female", "n_youth")),
            (MORE_WORDS, ("ended_on", "lead", "partners", "result", "problems", "plan_item_id")),
        ),
    ),
    Shown(
        POST, "send", "title",
        (
            (None, ("channel", "title", "posted_on", "url", "screenshot_id", "side")),
            (_l("How many saw it"), ("read_on", "views", "likes", "shares")),
        ),
        file="screenshot_id",
    ),
    Shown(
        DOCUMENT, "file", "title",
        ((None, ("file_name", "title", "kind", "dated_on", "note")),),
        file="file_sha256",
    ),
    Shown(
        ASSESSMENT, "chart", "assessed_on",
        (
            (None, ("assessed_on", "fiscal_year", "assessor", "co_assessors")),
            (_l("The centre's standing"), ("scores",)),
            (
                _l("What follows from it"),
                ("problems", "needs", "strategies", "proposed_grade", "target_grade"),
            ),
        ),
    ),
    Shown(
        PLAN_ITEM, "list", "title",
        (
            (None, ("fiscal_year", "side", "strategy", "title", "target", "starts_on", "ends_on")),
            (None, ("budget_source", "budget_baht", "responsible", "partners", "problem")),
        ),
    ),
    Shown(
        PLAN_RESULT, "check", "result",
        (
            (None, ("item_id", "reported_on", "done_percent", "result", "spent_baht")),
            (MORE_WORDS, ("output", "obstacles", "suggestions", "evidence")),
        ),
    ),
    Shown(
        NETWORK_ORDER, "people", "order_no",
        ((None, ("order_no", "act", "dated_on", "fiscal_year", "note")), (None, ("members",))),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BlankForm:
    """One kind's form with nothing in it; places, days and references are the phone's to fill."""

    shown: Shown
    form: RecordForm

    @property
    def kind(self) -> RecordKind:
        """The kind it is for."""
        return self.shown.kind


@bp.app_template_global()
def blank_record_forms() -> list[BlankForm]:
    """The forms of all kinds, with what the programme offers."""
    programme, locale = load_programme(), page_locale()
    return [BlankForm(shown, _blank(shown.kind, programme, locale)) for shown in SHOWN]


@bp.app_template_global()
def assessment_form() -> Programme:
    """The programme, for the criteria of the assessment's form."""
    return load_programme()


def _blank(kind: RecordKind, programme: Programme, locale: str) -> RecordForm:
    form = form_for(kind, field_words(kind.name))(formdata=None, meta={"csrf": False})
    form.offer(programme, locale)
    if kind.day in form:
        form[kind.day].data = None
    return form


@bp.app_template_global()
def record_kinds_facts() -> dict[str, Any]:
    """What scripts know of the kinds - fields, words, writers - and the programme's lists."""
    programme = load_programme()
    return {
        "kinds": {s.kind.name: _facts(s) | {"order": at} for at, s in enumerate(SHOWN)},
        "programme": {
            name: _plain(getattr(programme, name)) for name in _LISTS
        } | {"fiscal_year": programme.fiscal_year},
    }  # fmt: skip


def _plain(part: Any) -> Any:
    return [one.model_dump() for one in part] if isinstance(part, tuple) else part.model_dump()


def _facts(shown: Shown) -> dict[str, Any]:
    kind, words = shown.kind, words_of(shown.kind.name)
    return {
        "fields": facts_for_phone(kind.fields), "level": kind.level, "day": kind.day,
        "writers": list(kind.writers), "icon": shown.icon, "called": shown.called,
        "title": str(words.title), "many": str(words.many), "new": str(words.new),
        "labels": {name: str(label) for name, label in field_words(kind.name).items()},
    }  # fmt: skip


def doors_for(role: Role) -> Mapping[str, Shown]:
    """The kinds someone of this role writes on a phone, by name."""
    return {shown.kind.name: shown for shown in SHOWN if role in shown.kind.writers}
