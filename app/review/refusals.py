"""What a submission's steps refuse.  The sentences are in `app/web/wording.py`."""

from __future__ import annotations

from app.shared.errors import DomainError


class WrongState(DomainError):
    """The step does not follow from how it stands now (`state`)."""

    code = "submission_state"


class NotOpenYet(DomainError):
    """The round's time has not come (`opens_on`)."""

    code = "round_not_open"


class MakerIsChecker(DomainError):
    """Who sent it does not decide about it."""

    code = "maker_is_checker"


class NothingToMend(DomainError):
    """It is returned without saying what is to be mended."""

    code = "nothing_to_mend"


class VerdictsOpen(DomainError):
    """Items (`count`) are marked to be mended: it cannot be accepted as it is."""

    code = "verdicts_open"


class NotMended(DomainError):
    """Items (`count`) that were sent back did not change; accept it by itself, if it is right."""

    code = "not_mended"


class QuarterOpen(DomainError):
    """Reports (`count`) of the quarter are neither accepted nor waived."""

    code = "quarter_open"
