"""The draft of a record of any kind: what either door hands to the rules and the service."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.records.fields import MOST_REFS, MOST_ROWS, Field, FieldType
from app.shared.decode import CAPTURE_FIELDS, JsonRecord
from app.shared.errors import Malformed
from app.shared.record import Capture, content_sha256

PLACE_FIELDS = frozenset({"id", "centre_id", "district_code"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One record as told, before it is judged.  Texts are cleaned; `values` has every field.

    `district_code` (4 digits) is given where there is no centre; with a centre it is the centre's.
    """

    kind: str
    id: UUID
    centre_id: UUID | None = None
    district_code: str | None = None
    values: Mapping[str, Any]
    capture: Capture
    programme_version: str

    @property
    def content_sha256(self) -> str:
        """Names this content: the same record sent again has the same hash."""
        return content_sha256(
            self.kind,
            {
                "id": self.id,
                "centre_id": self.centre_id,
                "district_code": None if self.centre_id else self.district_code,
                "programme_version": self.programme_version,
                **self.values,
                **self.capture.facts(),
            },
        )


def draft_from_json(kind: str, fields: Sequence[Field], item: object) -> Draft:
    """Read one record of the sync API.  Raises Malformed(field, expected)."""
    names = {field.name for field in fields}
    read = JsonRecord(item, names | PLACE_FIELDS | CAPTURE_FIELDS)
    sent: Any = item
    return Draft(
        kind=kind,
        id=read.id("id"),
        centre_id=read.id_or_none("centre_id"),
        district_code=read.text("district_code"),
        values={field.name: _value(read, field, sent.get(field.name)) for field in fields},
        capture=read.capture(),
        programme_version=read.programme_version(),
    )


def _value(read: JsonRecord, field: Field, sent: object) -> Any:
    reader: dict[FieldType, Callable[[], Any]] = {
        "lines": lambda: read.text(field.name, lines=True),
        "day": lambda: read.day_or_none(field.name),
        "whole": lambda: read.whole(field.name),
        "choices": lambda: list(read.words(field.name)),
        "ref": lambda: read.id_or_none(field.name),
        "refs": lambda: _refs(field, sent),
        "rows": lambda: _rows(field, sent),
    }
    return reader.get(field.type, lambda: read.text(field.name))()


def _refs(field: Field, sent: object) -> list[str]:
    """Ids of evidence as text, each once, in the order they were given."""
    if sent is None:
        return []
    if not isinstance(sent, list) or len(sent) > MOST_REFS:
        raise Malformed(field.name, f"list of at most {MOST_REFS} UUIDs")
    found = [JsonRecord({field.name: one}, {field.name}).id(field.name) for one in sent]
    return list(dict.fromkeys(str(one) for one in found))


def _rows(field: Field, sent: object) -> list[dict[str, Any]]:
    if sent is None:
        return []
    if not isinstance(sent, list) or len(sent) > MOST_ROWS:
        raise Malformed(field.name, f"list of at most {MOST_ROWS}")
    names = {column.name for column in field.columns}
    rows = []
    for place, row in enumerate(sent):
        read = JsonRecord(row, names, within=f"{field.name}[{place}].")
        rows.append({c.name: _value(read, c, row.get(c.name)) for c in field.columns})
    return rows
