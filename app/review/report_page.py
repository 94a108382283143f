"""One unit's report on a page: put together now, or one of the editions that were sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.accounts.access import current_actor
from app.centres.models import Centre
from app.review import phrases, queries
from app.review.assembly import assemble
from app.review.blueprint import REVIEWERS
from app.review.content import Content
from app.review.forms import ReasonForm, SendForm
from app.review.mending import mended
from app.review.models import ItemVerdict, Submission
from app.review.service import may_submit
from app.review.units import Unit, unit_for
from app.rounds.calendar import Occurrence
from app.rounds.programme import Programme, choice_label, programme_key, programme_named
from app.rounds.queries import occurrence_for
from app.rounds.seals import seal_of
from app.rounds.words import occurrence_title
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.errors import NotFound
from app.web.locale import page_locale


@dataclass(frozen=True, slots=True)
class Report:
    """What a page is about, and how it stands."""

    programme: Programme
    occurrence: Occurrence
    unit: Unit
    submission: Submission | None

    @property
    def key(self) -> str:
        """The programme's."""
        return programme_key(self.programme)

    @property
    def address(self) -> Mapping[str, Any]:
        """What its addresses are made of."""
        return {
            "programme": self.key, "occurrence": self.occurrence.key, "unit": self.unit.code,
        }  # fmt: skip

    @property
    def is_sendable(self) -> bool:
        """Whether it stands so that it can be sent."""
        return self.submission is None or self.submission.state == "returned"


@dataclass(frozen=True, slots=True)
class SentBack:
    """An item that was sent back, with what is said about it and whether it was touched since."""

    verdict: ItemVerdict
    title: str
    mended: bool


def report_asked(programme: str, occurrence: str, unit: str) -> Report:
    """What the address names.  Raises NotFound: it is not there, or not for this reader."""
    found = occurrence_for(programme, occurrence)
    if found is None:
        raise NotFound(kind="round")
    of = unit_for(db.session(), current_actor(), unit)
    if of.level != found[1].level:
        raise NotFound(kind="unit")
    sent = queries.submission_of(db.session(), programme, occurrence, unit)
    return Report(found[0], found[1], of, sent)


def report_page(
    report: Report, *, form: SendForm | None = None, waiving: ReasonForm | None = None
) -> ResponseReturnValue:
    """The page of a report, with the forms of whoever may send or waive it."""
    session, actor = db.session(), current_actor()
    content, edition = _content(report)
    today = bangkok_day(now())
    sent = report.submission
    sealed = seal_of(session, report.unit.district_code, report.occurrence.quarter)
    refused = bool((form and form.errors) or (waiving and waiving.errors))
    html = render_template(
        "review/draft.html",
        report=report,
        content=content,
        edition=edition,
        sent_back=sent_back(report) if sent and sent.state == "returned" else [],
        steps=queries.steps_of(session, sent) if sent else [],
        standing=queries.state_of(sent, report.occurrence, today),
        today=today,
        sealed=sealed,
        sends=may_submit(actor, report.unit)
        and report.is_sendable
        and not sealed
        and report.occurrence.is_open(today),
        form=form or SendForm(formdata=None, data={"edition": sent.edition if sent else 0}),
        waives=actor.role in REVIEWERS and report.is_sendable and not sealed,
        waiving=waiving or waive_form(report),
        **report_words(report, content),
    )
    return html, 422 if refused else 200


def waive_form(report: Report, *, typed: bool = False) -> ReasonForm:
    """The form by which a reviewer waives it; `typed`: as this request brings it."""
    version = report.submission.version if report.submission else 0
    form = ReasonForm() if typed else ReasonForm(formdata=None, data={"version": version})
    return form.offer(report.programme.waive_reasons)


def report_words(report: Report, content: Content | None) -> dict[str, Any]:
    """What every page with a report's content needs: names, words, addresses."""
    filled = programme_named(content.head["programme"]) if content else report.programme
    locale = page_locale()
    return {
        "title": occurrence_title(report.occurrence),
        "unit_name": report.unit.name_in(locale),
        "locale": locale,
        "programme": filled,
        "label": phrases.labeller(filled),
        "centres": centres_by_code(one["centre_code"] for one in content.items) if content else {},
        "kind_words": phrases.kind_words,
        "item_icons": phrases.ICONS,
        "item_url": phrases.item_url,
        "gap_url": phrases.gap_url,
        "gap_words": lambda gap: phrases.gap_words(gap, filled),
        "badges": phrases.BADGES,
        "standings": phrases.STANDINGS,
        "step_words": phrases.STEPS,
        "reason_words": lambda key: _reason_words(report.programme, key),
        "fact_lines": lambda kind, facts: phrases.fact_lines(kind, facts, filled),
    }


def centres_by_code(codes: Iterable[str | None]) -> dict[str, Centre]:
    """The centres of these codes, for their names."""
    wanted = {code for code in codes if code}
    if not wanted:
        return {}
    found = db.session().scalars(select(Centre).where(Centre.code.in_(wanted)))
    return {centre.code: centre for centre in found}


def sent_back(report: Report) -> list[SentBack]:
    """The items of the newest edition that were sent back, those not touched since first."""
    session, sent = db.session(), report.submission
    edition = queries.edition_of(session, sent) if sent else None
    if sent is None or edition is None:
        return []
    verdicts = [
        one
        for one in queries.verdicts_of(session, sent).values()
        if one.verdict == "return" and one.edition == sent.edition
    ]
    titles = {UUID(one["id"]): one["title"] for one in edition.content["items"]}
    touched = mended(session, verdicts)
    rows = [SentBack(one, titles.get(one.item_id, ""), one.item_id in touched) for one in verdicts]
    return sorted(rows, key=lambda row: (row.mended, row.verdict.item_kind))


def _content(report: Report) -> tuple[Content | None, Any]:
    """What to show, and the edition it is; no edition for one that is put together now."""
    session, sent = db.session(), report.submission
    asked = request.args.get("edition", "")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 5 else None
    if sent and (number or not report.is_sendable):
        edition = queries.edition_of(session, sent, number)
        if number and edition is None:
            raise NotFound(kind="edition")
        return (Content.of(edition.content), edition) if edition else (None, None)
    return assemble(session, report.programme, report.occurrence, report.unit), None


def _reason_words(programme: Programme, key: str | None) -> str:
    reasons = (*programme.return_reasons, *programme.waive_reasons)
    return choice_label(reasons, key, page_locale())
