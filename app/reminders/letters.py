"""What is sent: a push of a few words, a mail a day with all that is new, two mails by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask import current_app
from flask_babel import force_locale, gettext, ngettext
from sqlalchemy.orm import Session

from app.reminders.mail import Letter
from app.reminders.models import Reminder
from app.reminders.rules import CONFIRM_WITHIN_DAYS
from app.reminders.tokens import confirm_token, stop_token
from app.reminders.words import Line, lines_of, short_words
from config import Settings

LANGUAGES = ("th", "en")  # in this order, in every mail
RULE = "\n\n" + "-" * 24 + "\n\n"
MOST_LINES = 30


def push_message(lines: Sequence[Line], today: date) -> dict[str, str]:
    """Title, text and where a tap leads.  Names nobody: neither a person nor a centre."""
    first = lines[0]
    more = len(lines) - 1
    rest = ngettext("and %(num)d more", "and %(num)d more", more)
    body = f"{first.title} {rest}" if more else first.title
    return {
        "title": short_words(first.row, today),
        "body": body,
        "path": _path("reminders.index"),
        "tag": "reminders",  # a later one takes the place of one that nobody opened
    }


def digest(
    session: Session, account_id: UUID, to: str, rows: Sequence[Reminder], today: date
) -> Letter:
    """One mail with everything in `rows`, Thai and then English."""
    stop = address("reminders.stop", token=stop_token(_settings().signing_key, account_id, to))
    texts = []
    for language in LANGUAGES:
        with force_locale(language):
            texts.append(_digest_text(lines_of(session, rows, today), stop))
    with force_locale("th"):
        lines = lines_of(session, rows[:1], today)
        subject = f"{short_words(rows[0], today)}: {lines[0].title}"
        if more := len(rows) - 1:
            subject += " " + ngettext("and %(num)d more", "and %(num)d more", more)
    return Letter(to, subject, RULE.join(texts), stop)


def _digest_text(lines: Sequence[Line], stop: str) -> str:
    told = [
        f"• {line.title}\n  {line.words}" + (f"\n  {line.place}" if line.place else "")
        for line in lines[:MOST_LINES]
    ]
    head = ngettext("%(num)d reminder from Lakthan", "%(num)d reminders from Lakthan", len(lines))
    todo = gettext("See what is to be done:")
    end = gettext("No more mails like this, without signing in:")
    parts = [head, *told, f"{todo}\n{address('reminders.index')}", f"{end}\n{stop}"]
    return "\n\n".join(parts)


def confirmation(account_id: UUID, to: str, today: date) -> Letter:
    """The mail that asks whether this address is theirs."""
    token = confirm_token(_settings().signing_key, account_id, to, today)
    link = address("reminders.confirm", day=today.isoformat(), token=token)
    texts = []
    for language in LANGUAGES:
        with force_locale(language):
            texts.append(_confirmation_text(link))
    with force_locale("th"):
        return Letter(to, gettext("Confirm this address for reminders"), RULE.join(texts))


def _confirmation_text(link: str) -> str:
    asked = gettext("Somebody asked Lakthan to send reminders to this address. If it was you:")
    within = ngettext(
        "The link works for %(num)d day.", "The link works for %(num)d days.", CONFIRM_WITHIN_DAYS
    )
    ignore = gettext("If it was not you, do nothing: no further mail will come.")
    return "\n\n".join([f"{asked}\n{link}", within, ignore])


def trial_letter(account_id: UUID, to: str) -> Letter:
    """The mail behind the test button."""
    stop = address("reminders.stop", token=stop_token(_settings().signing_key, account_id, to))
    texts = []
    for language in LANGUAGES:
        with force_locale(language):
            texts.append(gettext("Mails from Lakthan arrive here. Nothing is to be done."))
    with force_locale("th"):
        return Letter(to, gettext("A test mail from Lakthan"), RULE.join(texts), stop)


def address(endpoint: str, **values: str) -> str:
    """A whole address of ours; a job has no request that would tell where we are."""
    scheme, _, host = _settings().site.partition("://")
    built = current_app.url_map.bind(host, url_scheme=scheme)
    return built.build(endpoint, values, force_external=True)


def _path(endpoint: str) -> str:
    return current_app.url_map.bind("localhost").build(endpoint)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
