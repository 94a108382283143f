"""Passwords: which may be chosen, and how they are kept."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import zxcvbn  # type: ignore[import-untyped]
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts import entering, passwords
from app.accounts.breached import is_breached
from app.accounts.models import Account
from app.accounts.password_rules import check_password
from app.accounts.service import WrongCredentials, check_credentials
from tests.accounts.people import real_account
from tests.conftest import NOW, PASSWORD

WORDS = ("somsri.p", "นางสมศรี ใจดี", "0812345678", "ศูนย์เรียนรู้บ้านควร")


def _codes(password: str) -> list[str]:
    found = check_password(password, words=WORDS, is_breached=lambda text: text == "stolen " * 4)
    return [problem.code for problem in found]


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "qwertyuiop12", "123456789012", "aaaaaaaaaaaa", "iloveyou2024!",
        "หลักฐานหลักฐาน", "โคกหนองนา1234", "lakthan2567!!", "khoknongna2567", "somsri.psomsri.p",
        "0812345678081", "สมศรีใจดี1234", "abcdefghijklmnop", "qwerty" * 9,
    ],
)  # fmt: skip
def test_what_everybody_would_try_first_is_refused(password: str) -> None:
    assert _codes(password) == ["password_common"]


@pytest.mark.parametrize(
    "password",
    [
        "มะม่วงสุกสามลูกบนต้น", "ฝนตกที่ทุ่งนาเช้าวันจันทร์", "correct horse battery", " x9 !ก้อนเมฆ~\t",
        "a" * 30 + "Vn4 zq-Lm2 wTe8", "🌾🐃🌧️🌱🏞️🧺🪷🐟🌿🍚🪴🦆", "kvmqzrtwplxn",
    ],
)  # fmt: skip
def test_any_characters_do_and_nothing_is_demanded_of_them(password: str) -> None:
    assert _codes(password) == []


def test_twelve_to_a_hundred_and_twenty_eight_characters() -> None:
    assert _codes("ก" * 11) == ["password_length"]
    assert _codes("x7" * 65) == ["too_long"]
    assert _codes("".join(chr(0xE01 + n * 7 % 46) for n in range(128))) == []


def test_a_stolen_password_is_refused_however_good_it_looks() -> None:
    assert _codes("stolen " * 4) == ["password_breached"]


def test_judging_never_takes_more_than_two_short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []
    real = zxcvbn.zxcvbn
    monkeypatch.setattr(
        zxcvbn, "zxcvbn", lambda text, **more: judged.append(text) or real(text, **more)
    )
    _codes("4@8({[<3691!|70$5+%2" * 6)
    assert len(judged) <= 2
    assert all(len(text) <= 24 for text in judged)


@pytest.mark.parametrize("n_lines", [0, 1, 2, 3, 50, 999])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_list_is_found_in_from_its_first_line_to_its_last(
    tmp_path: Path, n_lines: int, line_end: str
) -> None:
    stolen = [f"stolen {n}" for n in range(n_lines)]
    lines = sorted(
        hashlib.sha1(word.encode(), usedforsecurity=False).hexdigest().upper() for word in stolen
    )
    path = tmp_path / "breached.txt"
    counts = (f"{line}:{len(line) * 7**n % 99999}" for n, line in enumerate(lines))
    path.write_bytes(line_end.join(counts).encode())
    assert all(is_breached(path, word) for word in stolen)
    assert not any(is_breached(path, f"mine {n}") for n in range(200))


def test_a_file_that_is_no_list_says_nothing_and_ends(tmp_path: Path) -> None:
    path = tmp_path / "noise"
    path.write_bytes(bytes(range(256)) * 200)
    assert not is_breached(path, "anything")
    assert not is_breached(None, "anything")


def test_a_password_is_kept_as_argon2id_and_nothing_else(session: Session) -> None:
    account = session.get_one(Account, real_account(session))
    assert str(account.password_hash).startswith("$argon2id$")
    assert PASSWORD not in str(account.password_hash)


def test_weak_parameters_are_replaced_when_their_owner_comes_in(session: Session) -> None:
    account = session.get_one(Account, real_account(session))
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    account.password_hash = weak
    session.flush()
    entering.begin(session, account, password=PASSWORD, now=NOW, agent=None)
    assert account.password_hash != weak
    assert not passwords.is_outdated(account)
    assert check_credentials(session, login="malee", password=PASSWORD, allow_demo=False)


def test_no_session_begins_with_a_password_changed_since_it_was_checked(session: Session) -> None:
    account = session.get_one(Account, real_account(session))
    session.commit()
    session.expunge(account)  # as one request saw it …
    changed = session.get_one(Account, account.id)
    passwords.set_password(
        session, changed, "ฝนตกที่ทุ่งนาเช้าวันจันทร์", now=NOW
    )  # … and another changed it
    session.flush()
    with pytest.raises(WrongCredentials):
        entering.begin(session, account, password=PASSWORD, now=NOW, agent=None)


def test_an_account_without_a_password_is_opened_by_none(session: Session, app: Flask) -> None:
    account = session.get_one(Account, real_account(session))
    account.password_hash = None
    session.flush()
    for typed in ("", "None", PASSWORD):
        with pytest.raises(WrongCredentials):
            check_credentials(session, login="malee", password=typed, allow_demo=False)
