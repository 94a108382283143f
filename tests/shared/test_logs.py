"""Log lines: one event is one line, and nobody is named in it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from sqlalchemy.exc import IntegrityError

from app.shared.errors import DomainError
from app.shared.logs import JsonLine, Line, follow, one_line, redacted, security_event

NAME, PHONE, TOKEN = "สมชาย ใจดี", "0812345678", "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7_-0xC"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    stream, logger = io.StringIO(), logging.getLogger("lakthan.test")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Line())
    logger.addHandler(handler)
    yield stream
    logger.removeHandler(handler)


def _told(lines: io.StringIO) -> str:
    text = lines.getvalue()
    assert text.count("\n") == 1, text  # one event, one line
    for secret in (NAME, "สมชาย", PHONE, "081-234-5678", TOKEN):
        assert secret not in text, text
    return text


@pytest.mark.parametrize("text", [
    f"visit of {NAME} saved", f"call {PHONE}", "call 081-234-5678", "call +66 81 234 5678",
    f"GET /s/{TOKEN}", f"GET /visits?q={NAME}&phone={PHONE}", f"bearer {TOKEN}",
    "1-2345-67890-12-3", "mail to somchai@example.go.th", f"/reminders/calendar/{TOKEN}.ics",
])  # fmt: skip
def test_what_slips_into_a_message_is_taken_out(text: str) -> None:
    plain = redacted(text)
    for secret in (NAME, "สมชาย", PHONE, "081-234-5678", "81 234 5678", TOKEN, "somchai", "67890"):
        assert secret not in plain, plain


@pytest.mark.parametrize("text", [
    "request=0A1B2C3D route=visits.show ms=12 account=01a207c0-9c57-714a-9708-fb707b257455",
    "packet 01a207c0-9c57-714a-9708-fb707b257455 took 1234567 ms",
    "the file originals/ab/cd/" + "ab" * 32 + " is missing",
])  # fmt: skip
def test_ids_codes_and_counts_stay(text: str) -> None:
    assert redacted(text) == text


def test_nobody_writes_a_second_line_into_the_log(lines: io.StringIO) -> None:
    forged = "x\n2026-01-01T00:00:00Z ERROR lakthan all is well\r\x1b[2J\u202e\x00\u2028"
    logging.getLogger("lakthan.test").error("name %s", forged)
    text = _told(lines)
    assert "\\n2026" in text and "\\x1b" in text and "\\u202e" in text and "\\u2028" in text
    assert one_line("ascii only") == "ascii only"


class _Refused(DomainError):
    code = "phone_invalid"


def test_an_exception_says_what_and_where_without_the_values(lines: io.StringIO) -> None:
    row = f'duplicate key "uq"\nDETAIL:  Key (phone)=({PHONE}) already exists.'
    try:
        try:
            raise _Refused(phone=PHONE, name=NAME)
        except _Refused as refusal:
            raise IntegrityError("insert", {"phone": PHONE}, Exception(row)) from refusal
    except IntegrityError:
        logging.getLogger("lakthan.test").exception("it failed")
    text = _told(lines)
    assert "IntegrityError" in text and "because of _Refused phone_invalid" in text
    assert "test_logs.py" in text


def test_values_quoted_in_an_exception_are_left_out(lines: io.StringIO) -> None:
    try:
        int("Somchai Jaidee")
    except ValueError:
        logging.getLogger("lakthan.test").exception("it failed")
    text = _told(lines)
    assert "ValueError" in text and "Somchai" not in text


def test_a_tried_door_is_written_down_by_its_code(caplog: pytest.LogCaptureFixture) -> None:
    security_event("cross_site", request="0A1B2C3D", route="visits.delete", account=None)
    assert caplog.messages == ["event=cross_site request=0A1B2C3D route=visits.delete"]


@pytest.fixture
def _nobodys_trail() -> Iterator[None]:
    yield
    follow()


@pytest.mark.usefixtures("_nobodys_trail")
def test_a_line_carries_the_request_and_the_job_it_belongs_to(lines: io.StringIO) -> None:
    follow(request="A1B2C3D4", job="app-photos-jobs-process-1")
    logging.getLogger("lakthan.test").warning("made a stamp")
    assert (
        _told(lines)
        .rstrip()
        .endswith("made a stamp request=A1B2C3D4 job=app-photos-jobs-process-1")
    )


@pytest.mark.usefixtures("_nobodys_trail")
def test_a_line_that_says_it_already_says_it_once(lines: io.StringIO) -> None:
    follow(request="A1B2C3D4")
    logging.getLogger("lakthan.test").warning("request=A1B2C3D4 method=GET")
    assert _told(lines).count("A1B2C3D4") == 1


@pytest.mark.usefixtures("_nobodys_trail")
def test_a_trail_holds_nothing_that_a_line_may_not_hold(lines: io.StringIO) -> None:
    follow(request=f"{NAME}\n{PHONE}", job=TOKEN)
    logging.getLogger("lakthan.test").warning("hello")
    _told(lines)


@pytest.mark.usefixtures("_nobodys_trail")
def test_json_lines_are_one_object_each_and_name_nobody_either(lines: io.StringIO) -> None:
    logging.getLogger("lakthan.test").handlers[0].setFormatter(JsonLine())
    follow(request="A1B2C3D4")
    try:
        raise ValueError(f"no such person: {NAME} {PHONE}")
    except ValueError:
        logging.getLogger("lakthan.test").exception("call %s\nnow", PHONE)
    told = json.loads(_told(lines))
    assert (told["level"], told["request"]) == ("ERROR", "A1B2C3D4")
    assert "ValueError" in told["error"]
