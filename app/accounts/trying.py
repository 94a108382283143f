"""What the edges need to count tries: taken before, given back when it was no miss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from flask import Response, current_app
from flask_babel import gettext as _

from app.accounts import browsers, second_factor, service, tries
from app.accounts.one_time import WrongCode
from app.accounts.rules import normal_username, sign_in_phone
from app.accounts.stages import Proof
from app.accounts.tries import TooManyTries, Try
from app.shared.clock import now
from app.shared.db import db
from app.shared.work import work
from app.web.filters import thai_datetime
from config import Settings


@contextmanager
def counted(taken: Sequence[Try], *, miss: type[Exception]) -> Iterator[None]:
    """Count `taken` before what stands inside; unless that raises `miss`, give it back.

    In transactions of its own, so that a miss stays counted whatever else is rolled back.

    Raises:
        TooManyTries: it may not be tried yet; nothing inside has run.
    """
    settings: Settings = current_app.config["SETTINGS"]
    seed, instant = settings.signing_key, now()
    with work() as w:
        tries.take(w.session, taken, seed=seed, now=instant)
    right = True
    try:
        yield
    except miss:
        right = False
        raise
    finally:
        if right:
            with work() as w:
                tries.give_back(w.session, taken, seed=seed, now=instant)


def password_tries(login: str) -> list[Try]:
    """What a password at this browser counts as.

    A browser that signed in to the account before has a count of its own and passes the ceiling of
    its address.  Any other counts for the name as typed - so that there is nothing to learn of two
    names for one account - and for its address.
    """
    account = service.find_account(db.session(), login)
    if account and (known := browsers.known_as(account.id)):
        return [Try("known_browser", f"{account.id}:{known}")]
    name = sign_in_phone(login) or normal_username(login)
    return [Try("account", name), Try("address", browsers.address())]


def factor_tries(account_id: UUID) -> list[Try]:
    """What a code at this browser counts as: whoever gets here knows the password already."""
    return [Try("factor", f"{account_id}:{browsers.known_as(account_id) or ''}")]


def proof_tries(account_id: UUID) -> list[Try]:
    """What a password asked again counts as: whoever gets here is signed in already."""
    return [Try("proof", str(account_id))]


def show_code(account_id: UUID, typed: str) -> Proof:
    """Use a code up, counted; a wrong one is noted, for whoever typed it knows the password.

    Raises:
        WrongCode, TooManyTries: nothing was used up.
    """
    settings: Settings = current_app.config["SETTINGS"]
    seed = settings.signing_key
    try:
        with counted(factor_tries(account_id), miss=WrongCode), work() as w:
            return second_factor.show_code(w.session, account_id, typed, seed=seed, now=now())
    except WrongCode:
        with work() as w:
            second_factor.note_wrong_code(w.session, account_id, now=now())
        raise


def too_many(page: str, refusal: TooManyTries) -> Response:
    """The page as an answer to whoever tried too often."""
    return Response(page, 429, {"Retry-After": str(refusal.retry_after_s)})


def when_again(refusal: TooManyTries) -> str:
    """What a page says to whoever tried too often: the same whoever they are, and when to go on."""
    when = thai_datetime(now() + timedelta(seconds=refusal.retry_after_s))
    return _("Too many wrong tries. It can be tried again from %(when)s.", when=when)
