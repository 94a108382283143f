"""When somebody is told, and where a message may go.  Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import datetime, time, timedelta
from typing import Literal
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from app.shared.base64url import from_base64url
from app.shared.clock import BANGKOK, bangkok_day, in_bangkok
from app.shared.errors import Problem

Kind = Literal["due", "late", "submitted", "returned", "accepted"]
KINDS: tuple[Kind, ...] = ("due", "late", "submitted", "returned", "accepted")
LATE = -1  # the step after the due day
LATE_WITHIN_DAYS = 7  # an older one is no news: a first start tells nobody of years gone by
HOURS_FROM, HOURS_UNTIL = time(8), time(18)  # nobody's phone rings at night
LEASE = timedelta(minutes=5)  # a sender that died is taken for dead; a job may run two
FIRST_WAIT = timedelta(minutes=10)
LONGEST_WAIT = timedelta(hours=6)
MOST_ATTEMPTS = 12  # some days; the reminder stays in the application
BY_HAND_EVERY = timedelta(minutes=1)  # mails that a person asks for
CONFIRM_WITHIN_DAYS = 7
ENDPOINT_MAX = 1_000  # characters; the known services' have 200 to 450
EMAIL_MAX = 254
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}"
)
_POINT_BYTES, _AUTH_BYTES = 65, 16  # RFC 8291


def step_reached(days_left: int, steps: Iterable[int]) -> int | None:
    """The step somebody is to be told on a day: the nearest one reached, never older ones.

    Between two steps it is the earlier: whoever was told it then is not told again, whoever was
    not - the server was off, the account is new - is told now.
    """
    if days_left < 0:
        return LATE if days_left >= -LATE_WITHIN_DAYS else None
    return min((step for step in steps if step >= days_left), default=None)


def may_ring(instant: datetime) -> bool:
    """Whether push and mail may go out: by day, in Bangkok."""
    return HOURS_FROM <= in_bangkok(instant).time() < HOURS_UNTIL


def next_morning(instant: datetime) -> datetime:
    """When the next Bangkok day's first messages go out."""
    tomorrow = bangkok_day(instant) + timedelta(days=1)
    return datetime.combine(tomorrow, HOURS_FROM, BANGKOK)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after this many tries that failed."""
    return min(FIRST_WAIT * (1 << (attempts - 1)), LONGEST_WAIT)


def endpoint_allowed(endpoint: str, services: Collection[str]) -> bool:
    """Whether this server may send to `endpoint`: TLS, to a listed push service, nothing odd.

    `services` are hosts (`push.example`), with a port where it is not 443, or `*.push.example`
    for all below.  An address of this network is on no list, and so never called.
    """
    if len(endpoint) > ENDPOINT_MAX or not endpoint.isascii() or not endpoint.isprintable():
        return False
    try:
        url = urlsplit(endpoint)
        host, port = url.hostname, url.port
    except ValueError:
        return False
    if url.scheme != "https" or not host or "@" in url.netloc or "\\" in endpoint:
        return False
    place = host if port in (None, 443) else f"{host}:{port}"
    return any(_covers(service, place) for service in services)


def _covers(service: str, place: str) -> bool:
    if service.startswith("*."):
        return place.endswith(service[1:]) and len(place) > len(service) - 1
    return place == service


def keys_usable(p256dh: str, auth: str) -> bool:
    """Whether a browser's two keys are a point of P-256 and a secret of 16 bytes."""
    point, secret = from_base64url(p256dh), from_base64url(auth)
    if point is None or secret is None or len(point) != _POINT_BYTES or len(secret) != _AUTH_BYTES:
        return False
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return True


def check_email(address: str) -> list[Problem]:
    """Every reason to refuse an address to send reminders to."""
    if len(address) > EMAIL_MAX or not _EMAIL.fullmatch(address):
        return [Problem("email", "email_invalid")]
    return []


def may_mail_by_hand(asked_at: datetime | None, now: datetime) -> bool:
    """Whether another mail may be asked for: a button is no way to flood a mailbox."""
    return asked_at is None or now - asked_at >= BY_HAND_EVERY
