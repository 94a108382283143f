"""What waits is pushed and mailed: encrypted, once, never lost, and to nobody who did not ask."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import SignIn
from app.reminders import delivery, jobs
from app.reminders.models import PushSubscription, Reminder, ReminderChoice
from app.shared.db import db
from tests.conftest import NOW, SentJobs, World
from tests.reminders.conftest import (
    PLAN_DUE,
    Clock,
    Mailbox,
    PushService,
    mail_server,
    make_certificate,
    send_in,
    with_settings,
)

ADDRESS = "officer@example.com"


@pytest.fixture
def told_by_push(
    app: Flask, session: Session, world: World, sign_in: Callable[[str], FlaskClient],
    push_service: PushService,
) -> PushService:  # fmt: skip
    """Pong's officer, signed in with a browser that takes pushes."""
    with_settings(app, push_services=(push_service.host,))
    sign_in("officer")
    row = session.scalars(
        select(SignIn).where(SignIn.account_id == world["officer"].account_id)
    ).one()
    push_service.subscribe(row.account_id, row.token_sha256)
    return push_service


@pytest.fixture
def told_by_mail(app: Flask, session: Session, world: World, mailbox: Mailbox) -> Mailbox:
    """Pong's officer, who confirmed an address."""
    with_settings(app, smtp_url=mailbox.url, mail_from="lakthan@example.go.th")
    _wants_mail(session, world)
    return mailbox


def _wants_mail(session: Session, world: World) -> None:
    session.add(
        ReminderChoice(
            account_id=world["officer"].account_id, by_mail=True, email=ADDRESS,
            changed_at=NOW,
        )
    )  # fmt: skip
    session.commit()


def _rows(session: Session, world: World) -> list[Reminder]:
    statement = select(Reminder).where(Reminder.account_id == world["officer"].account_id)
    rows = list(session.scalars(statement.execution_options(populate_existing=True)))
    session.commit()
    return rows


def test_a_push_says_what_is_due_and_names_nobody(
    session: Session, world: World, clock: Clock, told_by_push: PushService
) -> None:
    jobs.remind()
    jobs.deliver()
    (message,) = told_by_push.read
    assert message["path"] == "/reminders"
    assert message["title"]
    assert "ปง" not in str(message) and "Test" not in str(message)  # neither place nor person
    headers, body = told_by_push.requests[0]
    headers = {name.lower(): value for name, value in headers.items()}
    assert headers["content-encoding"] == "aes128gcm"
    assert headers["authorization"].startswith("vapid t=")
    assert int(headers["ttl"]) > 0
    assert message["title"].encode() not in body


def test_everything_new_comes_in_one_push_and_not_again(
    session: Session, world: World, clock: Clock, told_by_push: PushService
) -> None:
    jobs.remind()
    assert len(_rows(session, world)) > 1
    jobs.deliver()
    jobs.deliver()
    assert len(told_by_push.read) == 1
    assert all(row.pushed_at and row.mailed_at for row in _rows(session, world))


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_not_asked_again(
    session: Session, world: World, clock: Clock, told_by_push: PushService, status: int
) -> None:
    told_by_push.answers = [status]
    jobs.remind()
    jobs.deliver()
    assert session.scalars(select(PushSubscription.gone_at)).one() is not None
    assert all(row.pushed_at for row in _rows(session, world))
    clock.on(PLAN_DUE - timedelta(days=3))
    jobs.remind()
    jobs.deliver()
    assert len(told_by_push.requests) == 1


@pytest.mark.parametrize("status", [500, 429, 302])
def test_a_push_service_that_fails_is_asked_again_later(
    session: Session, world: World, clock: Clock, told_by_push: PushService, status: int
) -> None:
    told_by_push.answers = [status]
    jobs.remind()
    jobs.deliver()
    jobs.deliver()  # not yet
    assert len(told_by_push.requests) == 1
    assert {row.last_error for row in _rows(session, world)} == {"push"}
    clock.later(minutes=10)
    jobs.remind()
    jobs.deliver()
    assert len(told_by_push.requests) == 2
    assert all(row.pushed_at for row in _rows(session, world))


def test_an_address_that_left_the_list_is_never_called(
    app: Flask, session: Session, world: World, clock: Clock, told_by_push: PushService
) -> None:
    with_settings(app, push_services=("fcm.googleapis.com",))
    jobs.remind()
    jobs.deliver()
    assert told_by_push.requests == []
    assert session.scalars(select(PushSubscription.gone_at)).one() is not None


def test_who_signed_out_gets_no_pushes(
    session: Session, world: World, clock: Clock, told_by_push: PushService
) -> None:
    session.scalars(select(SignIn)).one().ended_at = clock()
    session.commit()
    jobs.remind()
    jobs.deliver()
    assert told_by_push.requests == []


def test_a_sender_killed_after_sending_tells_twice_and_loses_nothing(
    session: Session, world: World, clock: Clock, told_by_push: PushService,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    class Killed(BaseException):
        """As if the process ended here: nothing after the sending is written."""

    def killed(*_args: object) -> None:
        raise Killed

    jobs.remind()
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(delivery, "note_told", killed)
        jobs.deliver()
    assert len(told_by_push.requests) == 1
    jobs.deliver()  # the dead one's lease still runs
    assert len(told_by_push.requests) == 1
    clock.later(minutes=5)
    jobs.remind()
    jobs.deliver()
    assert len(told_by_push.requests) == 2
    assert all(row.pushed_at for row in _rows(session, world))


def test_two_senders_at_once_send_one_message(
    session: Session, world: World, clock: Clock, told_by_push: PushService,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    sending = jobs.push.send

    def second_comes_meanwhile(*given: Any) -> Any:
        monkeypatch.setattr(jobs.push, "send", sending)
        jobs.deliver()
        return sending(*given)

    jobs.remind()
    monkeypatch.setattr(jobs.push, "send", second_comes_meanwhile)
    jobs.deliver()
    assert len(told_by_push.requests) == 1


def test_nothing_rings_at_night(
    session: Session, world: World, clock: Clock, told_by_push: PushService
) -> None:
    clock.later(hours=9)
    jobs.remind()
    jobs.deliver()
    assert told_by_push.requests == []
    clock.later(hours=12)
    jobs.deliver()
    assert len(told_by_push.requests) == 1


def test_what_was_read_or_sent_in_meanwhile_is_not_pushed(
    session: Session, world: World, clock: Clock, told_by_push: PushService
) -> None:
    jobs.remind()
    for row in session.scalars(select(Reminder)):
        if row.occurrence != "plan":
            row.read_at = clock()
    session.commit()
    send_in(world)
    jobs.deliver()
    assert told_by_push.requests == []
    assert all(row.pushed_at for row in _rows(session, world))


def test_one_mail_a_day_holds_all_that_is_new(
    session: Session, world: World, clock: Clock, told_by_mail: Mailbox
) -> None:
    jobs.remind()
    jobs.deliver()
    send_in(world, state="returned", occurrence="progress_1")
    clock.later(hours=1)
    jobs.remind()
    jobs.deliver()
    assert len(told_by_mail.letters) == 1
    clock.later(hours=22)  # ten o'clock the next day
    jobs.remind()
    jobs.deliver()
    assert len(told_by_mail.letters) == 2
    first, second = (letter.get_content() for letter in told_by_mail.letters)
    assert "แบบ 6" in first and "(attachment 6)" in first  # Thai, then English
    assert first.index("แบบ 6") < first.index("(attachment 6)")
    assert "แบบ 6" not in second and "แบบ 8" in second
    assert all(row.mailed_at for row in _rows(session, world))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_mail_has_a_sensible_head_and_a_way_out(
    session: Session, world: World, clock: Clock, told_by_mail: Mailbox, client: FlaskClient
) -> None:
    jobs.remind()
    jobs.deliver()
    (letter,) = told_by_mail.letters
    assert letter["To"] == ADDRESS
    assert "lakthan@example.go.th" in letter["From"]
    assert letter["Subject"]
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.get_content_charset() == "utf-8"
    stop = letter["List-Unsubscribe"].strip("<>")
    assert stop in letter.get_content()
    path = stop.partition("localhost")[2]
    session.commit()
    assert client.get(path).status_code == 200
    assert session.scalars(select(ReminderChoice.by_mail)).one() is True  # looking ends nothing
    session.commit()
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert session.scalars(select(ReminderChoice.by_mail)).one() is False
    assert client.post(path).status_code == 200  # twice is harmless


def test_a_mail_server_that_is_away_is_asked_again_later(
    app: Flask, session: Session, world: World, clock: Clock, mailbox: Mailbox
) -> None:
    with_settings(app, smtp_url="smtp://127.0.0.1:9", mail_from="lakthan@example.go.th")
    _wants_mail(session, world)
    jobs.remind()
    jobs.deliver()
    assert {row.last_error for row in _rows(session, world)} == {"ConnectionRefusedError"}
    with_settings(app, smtp_url=mailbox.url)
    jobs.deliver()
    assert mailbox.letters == []  # not yet
    clock.later(minutes=10)
    jobs.deliver()
    assert len(mailbox.letters) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_mailbox_that_is_refused_is_left_alone_after_twelve_tries(
    session: Session, world: World, clock: Clock, told_by_mail: Mailbox
) -> None:
    told_by_mail.refuse = "550 no such mailbox"
    jobs.remind()
    tries = 0
    for _ in range(60):
        before = {row.attempts for row in _rows(session, world)}
        jobs.deliver()
        tries += {row.attempts for row in _rows(session, world)} != before
        clock.later(hours=6)
    assert tries == 12
    assert {row.last_error for row in _rows(session, world)} == {"SMTPRecipientsRefused"}
    assert {row.read_at for row in _rows(session, world)} == {None}  # it stands on the page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_mails_go_encrypted_and_signed_in_where_the_address_says_so(
    app: Flask, session: Session, world: World, clock: Clock, tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    mailbox = Mailbox()
    asked = {
        "tls_context": context, "require_starttls": True, "auth_required": True,
        "authenticator": mailbox.authenticate,
    }  # fmt: skip
    with mail_server(mailbox, **asked):
        url = mailbox.url.replace("smtp://", "smtp://me%40here:p%3Aw@") + "?tls=1"
        with_settings(app, smtp_url=url, mail_from="lakthan@example.go.th")
        _wants_mail(session, world)
        jobs.remind()
        jobs.deliver()
    assert len(mailbox.letters) == 1
    assert mailbox.signed_in == ["me@here:p:w"]


def test_nobody_who_did_not_confirm_gets_mail(
    session: Session, world: World, clock: Clock, told_by_mail: Mailbox
) -> None:
    session.scalars(select(ReminderChoice)).one().by_mail = False
    session.commit()
    jobs.remind()
    jobs.deliver()
    assert told_by_mail.letters == []


def test_a_push_that_fails_does_not_hold_the_mail_back(
    app: Flask, session: Session, world: World, clock: Clock, told_by_push: PushService,
    told_by_mail: Mailbox,
) -> None:  # fmt: skip
    told_by_push.answers = [500]
    jobs.remind()
    jobs.deliver()
    assert len(told_by_mail.letters) == 1
    clock.later(minutes=10)
    jobs.deliver()
    assert len(told_by_push.requests) == 2
    assert len(told_by_mail.letters) == 1
    assert all(row.pushed_at and row.mailed_at for row in _rows(session, world))


def test_a_run_leaves_no_transaction_open(
    session: Session, world: World, clock: Clock, sent: SentJobs
) -> None:
    jobs.remind()
    jobs.deliver()
    assert not db.session().in_transaction()
