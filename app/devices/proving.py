"""Who stands before a phone that asks to be enrolled: told by a password, with a second factor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from flask import current_app

from app.accounts import browsers, second_factor
from app.accounts.service import WrongCredentials, check_credentials
from app.accounts.stages import Proof
from app.accounts.tries import Try
from app.accounts.trying import counted, password_tries, show_code
from app.devices.codes import CodeInvalid
from app.devices.draft import Code, Password
from app.shared.db import db
from app.shared.errors import DomainError, Forbidden


class SecondFactorNeeded(DomainError):
    """The password is right; a code of the authenticator app or a recovery code is still asked."""

    code = "second_factor_needed"


class SecondFactorUnset(Forbidden):
    """The account needs a second factor and has none: it is set up on the pages."""

    code = "second_factor_unset"


@dataclass(frozen=True, slots=True)
class Proved:
    """On whose behalf a phone may be enrolled, and by what they proved it."""

    who: UUID | Code
    proof: Proof


@contextmanager
def proved(given: Password | Code) -> Iterator[Proved]:
    """Check who asks, and count it; the phone is enrolled inside.

    Nothing of it in a unit of work but what is inside: a password takes a tenth of a second.

    Raises:
        WrongCredentials, CodeInvalid, WrongCode: for every reason alike.
        SecondFactorNeeded, SecondFactorUnset: the password was right.
        TooManyTries: it may not be tried yet.
    """
    if isinstance(given, Code):
        with counted([Try("enrolment_code", browsers.address())], miss=CodeInvalid):
            yield Proved(given, "code")
    else:
        yield _by_password(given)


def _by_password(given: Password) -> Proved:
    with counted(password_tries(given.login), miss=WrongCredentials):
        account = check_credentials(
            db.session(),
            login=given.login,
            password=given.password,
            allow_demo=not current_app.config["SETTINGS"].is_production,
        )
    stage = second_factor.next_stage(db.session(), account)
    if stage == "open":
        return Proved(account.id, "password")
    if stage == "enrol":
        raise SecondFactorUnset
    if given.one_time is None:
        raise SecondFactorNeeded
    return Proved(account.id, show_code(account.id, given.one_time))
