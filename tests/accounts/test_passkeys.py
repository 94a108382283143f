"""Passkeys: two factors at once, for the account and the site they were made for, once each."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import passkeys, second_factor
from app.accounts.models import Account, OneTimeSecret, Passkey
from app.accounts.passkey_site import Site, site_of
from app.audit.models import AuditEntry
from app.shared.errors import NotFound
from tests.accounts.soft_key import PRESENT, SoftKey
from tests.conftest import NOW, World

SITE = Site("localhost", "http://localhost")
CHALLENGE, OTHER, THIRD = (bytes([n]) * 32 for n in (1, 2, 3))


@pytest.fixture
def officer(session: Session, world: World) -> Account:
    return session.get_one(Account, world["officer"].account_id)


def _add(session: Session, account: Account, key: SoftKey, challenge: bytes = CHALLENGE) -> Passkey:
    options = json.loads(passkeys.adding_options(session, account, SITE, challenge))
    return passkeys.add(
        session, account, key.make(options), site=SITE, challenge=challenge, label="โทรศัพท์",
        now=NOW,
    )  # fmt: skip


def _answer(key: SoftKey, challenge: bytes = OTHER) -> dict[str, object]:
    return key.answer(json.loads(passkeys.asking_options(SITE, challenge)))


def _prove(session: Session, answer: dict[str, object], challenge: bytes = OTHER) -> Account:
    return passkeys.prove(session, answer, site=SITE, challenge=challenge, now=NOW, allow_demo=True)


def test_a_passkey_says_whose_it_is_and_is_a_second_factor(
    session: Session, officer: Account
) -> None:
    key = SoftKey()
    _add(session, officer, key)
    assert second_factor.has_factor(session, officer.id)
    assert _prove(session, _answer(key)) is officer


def test_the_options_ask_for_a_verified_person_and_name_nobody(
    session: Session, officer: Account
) -> None:
    asked = json.loads(passkeys.asking_options(SITE, OTHER))
    assert asked["userVerification"] == "required"
    assert not asked.get("allowCredentials")
    made = json.loads(passkeys.adding_options(session, officer, SITE, CHALLENGE))
    assert made["authenticatorSelection"]["userVerification"] == "required"
    assert made["authenticatorSelection"]["residentKey"] == "required"


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:9999"},
        {"domain": "evil.example"},
        {"flags": PRESENT},  # nobody's finger, face or PIN
    ],
)
def test_a_passkey_of_another_site_or_without_its_person_is_refused(
    session: Session, officer: Account, wrong: dict[str, object]
) -> None:
    with pytest.raises(passkeys.PasskeyRefused):
        _add(session, officer, SoftKey(**wrong))  # type: ignore[arg-type]
    key = SoftKey()
    _add(session, officer, key)
    with pytest.raises(passkeys.PasskeyRefused):
        _prove(session, _answer(replace(key, **wrong)))  # type: ignore[arg-type]


def test_an_answer_counts_once_whatever_the_cookie_says(session: Session, officer: Account) -> None:
    key = SoftKey(counts=False)  # no counter would tell a replay
    _add(session, officer, key)
    answer = _answer(key)
    _prove(session, answer)
    with pytest.raises(passkeys.PasskeyRefused):
        _prove(session, answer)


def test_an_answer_to_another_challenge_is_refused(session: Session, officer: Account) -> None:
    key = SoftKey()
    _add(session, officer, key)
    with pytest.raises(passkeys.PasskeyRefused):
        _prove(session, _answer(key, OTHER), THIRD)


def test_nobody_answers_with_somebody_elses_credential(session: Session, world: World) -> None:
    officer = session.get_one(Account, world["officer"].account_id)
    admin = session.get_one(Account, world["admin"].account_id)
    mine, theirs = SoftKey(), SoftKey()
    _add(session, officer, mine)
    _add(session, admin, theirs, THIRD)
    forged = replace(mine, id=theirs.id, user=theirs.user)  # signs with the wrong key
    other_user = replace(mine, user=theirs.user)
    for key in (forged, other_user, SoftKey(user=officer.id.bytes)):
        with pytest.raises(passkeys.PasskeyRefused):
            _prove(session, _answer(key))


def test_one_credential_belongs_to_one_account(session: Session, world: World) -> None:
    key = SoftKey()
    _add(session, session.get_one(Account, world["officer"].account_id), key)
    with pytest.raises(passkeys.PasskeyRefused):
        _add(session, session.get_one(Account, world["admin"].account_id), key, THIRD)


def test_a_counter_that_goes_back_is_refused_and_noted(session: Session, officer: Account) -> None:
    key = SoftKey(count=5)
    _add(session, officer, key)
    copy = replace(key, count=3)
    with pytest.raises(passkeys.CounterWentBack) as refusal:
        _prove(session, _answer(copy))
    passkeys.note_counter(session, refusal.value, now=NOW)
    actions = session.scalars(
        select(AuditEntry.action).where(AuditEntry.object_id == str(officer.id))
    )
    assert "account.passkey_counter_back" in list(actions)
    assert _prove(session, _answer(key, THIRD), THIRD) is officer  # the right one goes on


def test_a_closed_account_and_a_demo_among_real_people_stay_outside(
    session: Session, officer: Account
) -> None:
    key = SoftKey()
    _add(session, officer, key)
    with pytest.raises(passkeys.PasskeyRefused):
        passkeys.prove(session, _answer(key), site=SITE, challenge=OTHER, now=NOW, allow_demo=False)
    officer.disabled_at = NOW
    session.flush()
    with pytest.raises(passkeys.PasskeyRefused):
        _prove(session, _answer(key, THIRD), THIRD)


@pytest.mark.parametrize(
    "garbage",
    [
        {},
        {"rawId": 7},
        {"rawId": "AAAA", "response": "x"},
        {"rawId": None, "response": {"userHandle": []}},
    ],
)
def test_garbage_is_refused_like_everything_else(
    session: Session, officer: Account, garbage: dict[str, object]
) -> None:
    with pytest.raises(passkeys.PasskeyRefused):
        _prove(session, garbage)
    with pytest.raises(passkeys.PasskeyRefused):
        passkeys.add(session, officer, garbage, site=SITE, challenge=CHALLENGE, label="", now=NOW)


def test_the_last_way_in_is_never_removed(session: Session, officer: Account) -> None:
    officer.is_demo = False  # needs two factors
    first = _add(session, officer, SoftKey())
    with pytest.raises(passkeys.LastWayIn):
        passkeys.remove(session, first.id, officer, now=NOW)
    second = _add(session, officer, SoftKey(), THIRD)
    passkeys.remove(session, first.id, officer, now=NOW)
    session.add(OneTimeSecret(account_id=officer.id, sealed=b"x", made_at=NOW, confirmed_at=NOW))
    session.flush()
    officer.password_hash = None
    with pytest.raises(passkeys.LastWayIn):  # an app alone is no way in
        passkeys.remove(session, second.id, officer, now=NOW)


def test_a_removed_passkey_opens_nothing(session: Session, officer: Account) -> None:
    key = SoftKey()
    passkeys.remove(session, _add(session, officer, key).id, officer, now=NOW)
    with pytest.raises(passkeys.PasskeyRefused):
        _prove(session, _answer(key))


def test_nobody_touches_somebody_elses_passkey(session: Session, world: World) -> None:
    officer = session.get_one(Account, world["officer"].account_id)
    admin = session.get_one(Account, world["admin"].account_id)
    passkey = _add(session, officer, SoftKey())
    with pytest.raises(NotFound):
        passkeys.rename(session, passkey.id, admin.id, "mine now")
    with pytest.raises(NotFound):
        passkeys.remove(session, passkey.id, admin, now=NOW)


def test_an_account_has_ten_passkeys_at_most(session: Session, officer: Account) -> None:
    for n in range(passkeys.MOST):
        _add(session, officer, SoftKey(), bytes([50 + n]) * 32)
    with pytest.raises(passkeys.TooManyPasskeys):
        passkeys.adding_options(session, officer, SITE, CHALLENGE)


def test_spent_challenges_do_not_pile_up(session: Session) -> None:
    passkeys.spend_challenge(session, CHALLENGE, now=NOW)
    passkeys.spend_challenge(session, OTHER, now=NOW + timedelta(hours=1))
    from app.accounts.models import SpentChallenge

    assert len(session.scalars(select(SpentChallenge)).all()) == 1


@pytest.mark.parametrize(
    ("scheme", "host", "production", "domain"),
    [
        ("http", "localhost:8000", False, "localhost"),
        ("https", "lakthan.example", True, "lakthan.example"),
        ("https", "localhost", True, None),
        ("http", "lakthan.example", True, None),  # browsers offer none without TLS
        ("https", "evil.example", True, None),
        ("http", "127.0.0.1:8000", False, None),
        ("http", "[::1]:8000", False, None),
        ("https", "lakthan.example.evil.example", True, None),
        ("https", "", True, None),
    ],
)
def test_the_site_is_a_named_host_and_never_an_address(
    scheme: str, host: str, production: bool, domain: str | None
) -> None:
    site = site_of(scheme, host, trusted=["lakthan.example"], production=production)
    assert (site.domain if site else None) == domain
