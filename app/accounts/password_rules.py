"""Which passwords may be chosen.  Pure, but for the list of breached ones that is handed in.

Length counts, not kinds of characters: nothing is demanded of what it is made of, and nobody has to
change it by the calendar.  What stands on a list, or is easily guessed from one, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from app.accounts.rules import PASSWORD_MAX, PASSWORD_MIN
from app.shared.errors import Problem

# Words that everybody here would try first; the account's own are added to them.
CONTEXT = (
    "lakthan", "หลักฐาน", "khoknongna", "โคกหนองนา", "โคก หนอง นา", "khok", "nong", "phatthana",
    "พัฒนาชุมชน", "phayao", "พะเยา", "thailand", "ประเทศไทย", "รหัสผ่าน",
)  # fmt: skip
LEAST_GUESSES_LOG10 = 9  # thousand million: at a hundred tries a day, safe; offline, Argon2 costs
# The estimate grows with the square of the length, and faster for "4@8({[<3": a quarter of a second
# at worst for 24 characters, seconds for 128.  A beginning or an end that is good makes all good.
_JUDGED = 24
_WORD = re.compile(r"(?:นางสาว|นาง|นาย|ศูนย์เรียนรู้)?([^\s.,@_-]{3,})")  # without what all begin with


def check_password(
    password: str, *, words: Iterable[str], is_breached: Callable[[str], bool]
) -> list[Problem]:
    """The reason to refuse a password, if there is one.

    `words` are what is known of its owner: username, name, phone number, centre.
    """
    if len(password) < PASSWORD_MIN:
        return [Problem("password", "password_length", {"min": PASSWORD_MIN})]
    if len(password) > PASSWORD_MAX:
        return [Problem("password", "too_long", {"max": PASSWORD_MAX})]
    if is_breached(password):
        return [Problem("password", "password_breached")]
    if _guesses_log10(password, _parts(words)) < LEAST_GUESSES_LOG10:
        return [Problem("password", "password_common")]
    return []


def _guesses_log10(password: str, words: list[str]) -> float:
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]  # 12 MB of words, seldom asked

    ends = {password[:_JUDGED], password[-_JUDGED:]}
    return max(float(zxcvbn(end, user_inputs=words)["guesses_log10"]) for end in ends)


def _parts(words: Iterable[str]) -> list[str]:
    """Each of them whole and in its words: a name is also its first name."""
    given = [*CONTEXT, *words]
    return list(dict.fromkeys([*given, *(part for each in given for part in _WORD.findall(each))]))
