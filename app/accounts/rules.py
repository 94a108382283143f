"""What an account may be, and whom an actor may act upon.  Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from app.shared.errors import Problem
from app.shared.personal import normal_phone
from app.shared.thai import clean_text

Role = Literal["volunteer", "officer", "reviewer", "admin"]
PASSWORD_MIN = 12  # ASVS 5.0 6.2.1 asks for at least 8, recommends 15; 12 for typing on a phone
PASSWORD_MAX = 128  # long enough for a passphrase, short enough that hashing it is no attack
NAME_MAX = 120
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
_AREA_LENGTH: dict[Role, tuple[int, ...]] = {
    "volunteer": (6,),
    "officer": (4,),
    "reviewer": (2,),
    "admin": (0, 2),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and how far they may see: an area-code prefix, or one centre."""

    account_id: UUID
    role: Role
    area_code: str
    centre_id: UUID | None
    name: str

    def sees_area(self, code: str) -> bool:
        """Whether `code` lies in this actor's area."""
        return code.startswith(self.area_code)


@dataclass(frozen=True, slots=True)
class AccountDraft:
    """An account as asked for, before it is judged."""

    username: str
    name: str
    role: Role
    area_code: str
    password: str | None  # None: they make their own way in, by an invitation
    phone: str | None = None
    centre_id: UUID | None = None
    is_demo: bool = False


def normal_username(text: str) -> str:
    """The spelling under which a username is stored and looked up."""
    return clean_text(text).casefold()


def sign_in_phone(text: str) -> str | None:
    """The stored spelling of a number to sign in with, or None: an extension is nobody's own."""
    phone = normal_phone(text)
    return phone if phone and phone.isdecimal() else None


def check_account(draft: AccountDraft) -> list[Problem]:
    """Every reason to refuse the account, in form order."""
    problems = []
    if not _USERNAME.fullmatch(normal_username(draft.username)):
        problems.append(Problem("username", "username_invalid"))
    problems += check_place(draft)
    if draft.password is not None and not PASSWORD_MIN <= len(draft.password) <= PASSWORD_MAX:
        problems.append(Problem("password", "password_length", {"min": PASSWORD_MIN}))
    return problems


def check_place(draft: AccountDraft) -> list[Problem]:
    """What is wrong with whom and where the account is for: name, phone, area, centre."""
    problems = []
    if not draft.name.strip():
        problems.append(Problem("name", "required"))
    elif len(draft.name) > NAME_MAX:
        problems.append(Problem("name", "too_long", {"max": NAME_MAX}))
    if draft.phone and sign_in_phone(draft.phone) is None:
        problems.append(Problem("phone", "phone_invalid"))
    if len(draft.area_code) not in _AREA_LENGTH[draft.role]:
        problems.append(Problem("area_code", "area_not_for_role"))
    if (draft.role == "volunteer") != (draft.centre_id is not None):
        problems.append(Problem("centre_id", "centre_for_volunteer"))
    return problems
