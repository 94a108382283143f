"""What a submission is made of, before and after it is frozen.

Frozen it is plain JSON (`Content.plain`): ids, days and numbers as text or numbers, nothing that
another reading would write otherwise; `sha256` names it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from app.shared.canonical import canonical_json

# Thousands of them: the frozen content names each with its version, and holds only figures.
LISTED = ("visit", "followup")
KINDS = (
    "network_order", "assessment", "plan_item", "plan_result", "activity", "visit", "followup",
    "photo", "document", "post",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One record that a submission rests on, in one version, with the facts its form shows."""

    kind: str
    id: UUID
    version: int
    content_sha256: str
    centre_code: str | None
    day: date
    title: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """As the frozen content holds it."""
        return {
            "kind": self.kind,
            "id": str(self.id),
            "version": self.version,
            "content_sha256": self.content_sha256,
            "centre_code": self.centre_code,
            "day": self.day.isoformat(),
            "title": self.title,
            "facts": {name: plain(value) for name, value in self.facts.items()},
        }


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is expected and not there: a code, how many, and which (codes or keys)."""

    code: str
    count: int = 0
    names: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As the frozen content holds it."""
        return {"code": self.code, "count": self.count, "names": list(self.names)}


@dataclass(slots=True)
class Share:
    """What one kind of evidence brings: figures under its own name, items or their list, gaps."""

    figures: Mapping[str, Any]
    items: list[Item] = field(default_factory=list)
    listed: Mapping[str, list[str]] = field(default_factory=dict)  # kind -> "id:version"
    gaps: list[Gap] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Content:
    """A report as it is put together: who and when, figures by evidence, items, lists, gaps."""

    head: Mapping[str, Any]
    figures: Mapping[str, Mapping[str, Any]]
    items: tuple[Mapping[str, Any], ...]
    listed: Mapping[str, list[str]]
    gaps: tuple[Mapping[str, Any], ...]

    def plain(self) -> dict[str, Any]:
        """As an edition keeps it."""
        return {
            "head": dict(self.head),
            "figures": {name: dict(one) for name, one in self.figures.items()},
            "items": [dict(one) for one in self.items],
            "listed": {kind: list(refs) for kind, refs in self.listed.items()},
            "gaps": [dict(one) for one in self.gaps],
        }

    @classmethod
    def of(cls, frozen: Mapping[str, Any]) -> Content:
        """Read an edition's content back."""
        return cls(
            frozen["head"], frozen["figures"], tuple(frozen["items"]), frozen["listed"],
            tuple(frozen["gaps"]),
        )  # fmt: skip

    def refs(self, kind: str) -> list[tuple[UUID, int]]:
        """Id and version of each item of a kind, in order."""
        if kind in LISTED:
            return [_ref(one) for one in self.listed.get(kind, [])]
        return [(UUID(one["id"]), one["version"]) for one in self.of_kind(kind)]

    def of_kind(self, kind: str) -> list[Mapping[str, Any]]:
        """The items of a kind with their facts; none of a kind that is only listed."""
        return [one for one in self.items if one["kind"] == kind]

    def versions(self) -> dict[tuple[str, UUID], int]:
        """Every item's version, by kind and id."""
        return {(kind, id_): version for kind in KINDS for id_, version in self.refs(kind)}

    def kinds(self) -> Iterator[tuple[str, int]]:
        """The kinds there are items of, with how many, in the order in which they are shown."""
        for kind in KINDS:
            count = len(self.listed.get(kind, ())) if kind in LISTED else len(self.of_kind(kind))
            if count:
                yield kind, count


def sha256_of(frozen: Mapping[str, Any]) -> str:
    """Names a frozen content: hex SHA-256 of its canonical JSON."""
    return sha256(canonical_json(frozen).encode()).hexdigest()


def plain(value: Any) -> Any:
    """`value` as JSON knows it: ids and days as text, decimals as numbers."""
    if isinstance(value, UUID | date):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    return value


def _ref(text: str) -> tuple[UUID, int]:
    id_, _, version = text.partition(":")
    return UUID(id_), int(version)
