"""Mail: plain text, Thai first, with a way out that needs no sign-in (RFC 2369, 8058)."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from app.shared.clock import now
from config import Settings

TIMEOUT_S = 10.0
SENDER_NAME = "หลักฐาน Lakthan"
ERROR_MAX = 40


class MailFailed(RuntimeError):
    """The mail server did not take it, or is away; `str()` is a short name of the reason."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail.  `stop_url` ends all further ones; a confirmation has none."""

    to: str
    subject: str
    text: str
    stop_url: str = ""


def send(letter: Letter, settings: Settings) -> None:
    """Hand the letter to the mail server.  When this returns, the server has it.

    Raises:
        MailFailed: it has not, or nobody can tell; sending it again may make two of it.
    """
    message = composed(letter, settings.mail_from)
    try:
        with _connected(urlsplit(settings.smtp_url)) as server:
            server.send_message(message)
    except (smtplib.SMTPException, OSError) as error:
        raise MailFailed(type(error).__name__[:ERROR_MAX]) from error


def composed(letter: Letter, mail_from: str) -> EmailMessage:
    """The letter with all its headers."""
    message = EmailMessage()
    message["Subject"] = letter.subject
    message["From"] = Address(SENDER_NAME, addr_spec=mail_from)
    message["To"] = letter.to
    message["Date"] = format_datetime(now())
    message["Message-ID"] = make_msgid(domain=mail_from.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # nobody's "I am on leave" comes back (RFC 3834)
    if letter.stop_url:
        message["List-Unsubscribe"] = f"<{letter.stop_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # Base64, because a Thai line of 330 letters is longer than mail's 998 bytes.
    message.set_content(letter.text, charset="utf-8", cte="base64")
    return message


def _connected(url: SplitResult) -> smtplib.SMTP:
    """A server that has said hello, encrypted and signed in to as the address asks."""
    asked = parse_qs(url.query)
    host, context = url.hostname or "localhost", ssl.create_default_context()
    server: smtplib.SMTP
    if url.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, url.port or 465, timeout=TIMEOUT_S, context=context)
    else:
        server = smtplib.SMTP(host, url.port or 587, timeout=TIMEOUT_S)
    try:
        if asked.get("tls") == ["1"]:
            server.starttls(context=context)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
    except BaseException:
        server.close()
        raise
    return server
