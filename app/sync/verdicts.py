"""What can be said of an item: done, known, waiting, in conflict, or refused and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from app.accounts.rules import Actor
from app.devices.models import CaptureProof
from app.rounds.programme import Programme
from app.shared.errors import DomainError, Malformed, Problem

Status = Literal["created", "known", "pending", "invalid", "malformed", "refused", "conflict"]
TAKEN: frozenset[Status] = frozenset({"created", "known"})
HELD: frozenset[Status] = frozenset({"pending", "conflict"})
WAITS = "waits_for_parent"
# Refusals that mean "there are two versions now": both are kept, and a person decides.
CONFLICTS = frozenset(
    {
        "visit_conflict",
        "followup_conflict",
        "photo_conflict",
        "record_conflict",
        "stale_version",
        "struck_out",
    }
)


class Key(Protocol):
    """A phone's public key and its id."""

    @property
    def id(self) -> UUID:
        """Its name."""

    @property
    def public_key(self) -> bytes:
        """In DER."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the database knew of a whole batch before its first item: read once, not per item.

    What an item of the batch adds is not in it; then the slower way finds out the same.
    """

    proofs: Mapping[tuple[str, UUID, str], CaptureProof] = field(default_factory=dict)
    stored: frozenset[UUID] = frozenset()  # ids of creates that have a record already
    keys: Mapping[str, Key] = field(default_factory=dict)  # the phone's, by id


@dataclass(frozen=True, slots=True)
class Delivery:
    """Who brings items and when: the phone, the account it acts for, how wrong its clock is."""

    device_id: UUID
    actor: Actor
    now: datetime
    received_at: datetime  # when the items came; earlier than `now` for those that were held
    clock_skew_s: int | None
    programme: Programme
    seed: str  # the server's own: it knows its nonces by it
    seen: Seen = field(default_factory=Seen)


@dataclass(frozen=True, slots=True)
class Done:
    """An op that was carried out, or (`fresh` is False) had been before."""

    version: int
    fresh: bool = True
    rings: tuple[tuple[str, Mapping[str, str]], ...] = ()  # jobs to send after the commit
    late: bool = False  # it told of somebody who was forgotten, and was written down without


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one item."""

    status: Status
    code: str | None = None
    problems: Sequence[Problem] = ()
    version: int | None = None
    waits_for: UUID | None = None
    received_at: datetime | None = None  # when it came first, if it came before
    rings: tuple[tuple[str, Mapping[str, str]], ...] = ()

    @classmethod
    def of(cls, error: DomainError) -> Verdict:
        """What a refusal by the domain means for the item."""
        match error:
            case Malformed():
                wrong = Problem(error.field, error.code, {"expected": error.expected})
                return cls("malformed", error.code, [wrong])
            case Invalid():
                return cls("invalid", error.code, error.problems)
            case Waits():
                return cls("pending", WAITS, waits_for=error.parent_id)
        return cls("conflict" if error.code in CONFLICTS else "refused", error.code)


@dataclass(frozen=True, slots=True)
class Present:
    """The server's present version of a record, in the shape phones send."""

    version: int
    data: Mapping[str, object]
    edited_by: str | None
    edited_at: datetime
    deleted: bool

    def told(self) -> dict[str, object]:
        """As an answer gives it."""
        return {
            "version": self.version,
            "data": self.data,
            "edited_by": self.edited_by,
            "edited_at": self.edited_at,
            "deleted": self.deleted,
        }


class Waits(DomainError):
    """What it belongs to has not come - or lies outside the sender's area: the two look alike."""

    code = WAITS

    def __init__(self, parent_id: UUID) -> None:
        super().__init__()
        self.parent_id = parent_id


class Invalid(DomainError):
    """The rules refuse the data (`problems`)."""

    code = "invalid"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self.problems = problems


class DeviceMismatch(DomainError):
    """The data name another phone than the one that brings them."""

    code = "device_mismatch"


class StruckOut(DomainError):
    """The record was struck out in the meantime: the change is kept for a person to see."""

    code = "struck_out"


class ParentStruckOut(DomainError):
    """What the record belongs to was struck out."""

    code = "parent_struck_out"


class NoSuchKind(DomainError):
    """This server knows no such kind, or no such op on it: the app is newer than the server."""

    code = "unknown_kind"


def refuse(problems: Sequence[Problem]) -> None:
    """Raise Invalid unless there is nothing wrong."""
    if problems:
        raise Invalid(problems)
