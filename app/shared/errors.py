"""Refusals: a code and facts.  Sentences: `app/web/wording.py`; statuses: `app/web/errors.py`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


class DomainError(Exception):
    """Something the domain will not do.  `code` is part of the API: never renamed, only retired."""

    code: ClassVar[str] = "refused"

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code, facts)
        self.facts = facts


class NotFound(DomainError):
    """It does not exist, or not for this actor: the two look alike on purpose."""

    code = "not_found"


class Forbidden(DomainError):
    """The actor may see this but not do that."""

    code = "forbidden"


class Malformed(DomainError):
    """A JSON value is not of the shape asked for (`field`, `expected`)."""

    code = "malformed"

    def __init__(self, field: str, expected: str) -> None:
        super().__init__(field=field, expected=expected)
        self.field = field
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason to refuse a draft: which field, which code, and the numbers its sentence needs."""

    field: str
    code: str
    facts: Mapping[str, object] = dataclasses.field(default_factory=dict)
