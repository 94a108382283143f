"""Access for phones: a bearer token stands for one device and its account, and cookies for nobody.

A view marked `@allow_device` is let through by `app.accounts.access` and checked here.  It is
exempt from the CSRF token because a browser never sends the bearer by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from flask import Flask, Response, current_app, g, request

from app.accounts.access import DEVICE
from app.devices import queries
from app.devices.enrolment import RoleWithoutPhone
from app.devices.rules import PHONE_ROLES, Phone
from app.devices.service import touch
from app.shared.clock import now
from app.shared.db import by_itself, db
from app.shared.errors import DomainError, Forbidden
from app.shared.work import work
from app.web.forms import csrf

__all__ = ["API_HEADER", "DEVICE", "Phone", "allow_device", "current_device", "init_app"]

View = TypeVar("View", bound=Callable[..., object])
API_HEADER = "Lakthan-Api"  # tells our answer from a captive portal's
API_VERSION = "1"
_ASKED_BY_PHONES = ("devices.enrol_here", "devices.leave")  # outside the API, by its script
CONTACT_STEP = timedelta(minutes=1)  # how exactly the last contact is noted; saves writes


class DeviceUnknown(DomainError):
    """No token, or one that nobody holds: the phone must sign in."""

    code = "device_unknown"


class DeviceRevoked(DomainError):
    """The province took the phone out of use; what it holds stays on it."""

    code = "device_revoked"


class AccountDisabled(Forbidden):
    """The phone is known, its account is closed."""

    code = "account_disabled"


def allow_device(view: View) -> View:
    """Mark a view as usable by enrolled phones, and by nobody else."""
    view.access = DEVICE  # type: ignore[attr-defined]
    csrf.exempt(view)
    return view


def current_device() -> Phone:
    """The phone that acts in this request, and for whom.

    Raises:
        DeviceUnknown, DeviceRevoked, AccountDisabled, RoleWithoutPhone: it may not act.
    """
    if "phone" not in g:
        g.phone = _load_phone()
    phone: Phone = g.phone
    return phone


def init_app(app: Flask) -> None:
    """Check the bearer before every phone's view, and sign every answer of the API as ours."""
    app.before_request(_check)
    app.after_request(_mark_answer)


def _check() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "access", None) == DEVICE:
        current_device()


def _mark_answer(response: Response) -> Response:
    if request.path.startswith("/api/v1/") or request.endpoint in _ASKED_BY_PHONES:
        response.headers[API_HEADER] = API_VERSION
        if response.status_code == 401:
            response.headers.setdefault("WWW-Authenticate", "Bearer")
    return response


def _load_phone() -> Phone:
    session = db.session()
    if not session.in_transaction():
        session.connection(execution_options=by_itself(db.engine))  # two round trips less
    found = queries.holder_of(session, _bearer())
    if found is None:
        raise DeviceUnknown
    if found.revoked_at:
        raise DeviceRevoked
    if found.disabled_at:
        raise AccountDisabled
    if found.actor.role not in PHONE_ROLES:
        raise RoleWithoutPhone
    instant = now()
    if instant - found.last_contact_at >= CONTACT_STEP:  # reading took no lock
        with work() as w:
            touch(w.session, found.device_id, now=instant)
    return Phone(found.device_id, found.actor)


def _bearer() -> str:
    header = request.authorization
    if header is None or header.type != "bearer" or not header.token:
        raise DeviceUnknown
    return header.token
