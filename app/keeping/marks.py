"""Columns of text, JSON and bytes that hold no personal data, each with the word why.

Everything else of these types is marked where it stands (`info=personal(...)`).  The record of
processing is made from the marks; `tests/keeping` walks every table, so that nothing is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import JSON, Column, LargeBinary, MetaData, String, Table

CODE = "a word, code or key of ours or of the programme"
DIGEST = "a digest or token of random bytes, or of content; names nobody"
STATE = "where a job stands"
PLACE = "a place of the official list"
COUNTS = "counts, settings or ids"
OFFICE = "an office's own words about its work or rules"
SIGNATURE = "a phone's signature; proves and names nobody"

# By the column's name, wherever it stands.
_EVERYWHERE = {
    "kind": CODE, "state": STATE, "stage": STATE, "proof": CODE, "role": CODE, "op": CODE,
    "action": CODE, "step": CODE, "code": CODE, "verdict": CODE, "risk": CODE, "via": CODE,
    "decision": CODE, "source": CODE, "taken_source": CODE, "position_source": CODE, "band": CODE,
    "flags": CODE, "topics": CODE, "outcomes": CODE, "sides": CODE, "side": CODE, "sectors": CODE,
    "sector": CODE, "partners": CODE, "strategies": CODE, "strategy": CODE, "scores": CODE,
    "method": CODE, "used": CODE, "act": CODE, "channel": CODE, "status": CODE, "plot_class": CODE,
    "reason_key": CODE, "item_kind": CODE, "record_kind": CODE, "subject_kind": CODE,
    "scope_kind": CODE, "scope_code": CODE, "unit_code": CODE, "quarter": CODE, "occurrence": CODE,
    "programme": CODE, "programme_version": CODE, "keeping": CODE, "cause": CODE, "about": DIGEST,
    "grade": CODE, "target_grade": CODE, "proposed_grade": CODE, "computed_grade": CODE,
    "decided_grade": CODE, "data_kinds": CODE, "transports": CODE, "media_type": CODE,
    "file_type": CODE, "time_in": CODE, "time_out": CODE, "key": CODE, "evidence": COUNTS,
    "budget_source": OFFICE, "order_no": OFFICE, "token_sha256": DIGEST, "code_sha256": DIGEST,
    "open_sha256": DIGEST, "key_sha256": DIGEST, "content_sha256": DIGEST, "item_sha256": DIGEST,
    "challenge_sha256": DIGEST, "sign_in_sha256": DIGEST, "fingerprint": DIGEST, "digest": DIGEST,
    "area_code": PLACE, "district_code": PLACE, "subdistrict_code": PLACE, "place_code": PLACE,
    "origin_subdistrict_code": PLACE, "last_error_code": STATE, "refused_code": STATE,
    "last_error": STATE, "app_version": STATE, "beat": DIGEST, "nonce": DIGEST,
    "signature": SIGNATURE, "counts": COUNTS, "objects": COUNTS, "head": COUNTS, "boxes": COUNTS,
}  # fmt: skip

# In one table.
_HERE = {
    "area.code": PLACE, "area.name_th": PLACE, "area.name_en": PLACE, "area.postcode": PLACE,
    "audit_entry.object_id": COUNTS, "audit_entry.facts": "ids, codes and counts, never a value",
    "centre.name": PLACE, "centre.name_key": PLACE, "controller.name": OFFICE,
    "controller.address": OFFICE, "controller.phone": OFFICE, "controller.email": OFFICE,
    "controller.hosted_at": OFFICE, "programme_version.text": OFFICE,
    "programme_version.note": OFFICE, "programme_version.reason": OFFICE,
    "packet.sha256": DIGEST, "photo_check.sha256": "of a stranger's file, deleted within minutes",
    "photo_check.facts": COUNTS, "photo_finding.facts": "distances, days and ids",
    "photo_finding.text_th": "a question in our own words", "photo_pair.facts": COUNTS,
    "photo_finding.text_en": "a question in our own words", "upkeep_mark.name": CODE,
    "upkeep_mark.facts": COUNTS,
}  # fmt: skip


def textual(table: Table) -> Iterator[Column[object]]:
    """The columns of a table that could hold somebody's name."""
    yield from (c for c in table.columns if isinstance(c.type, String | JSON | LargeBinary))


def why_not(column: Column[object]) -> str | None:
    """Why a column is not marked, or None: nobody has said."""
    return _HERE.get(f"{column.table.name}.{column.name}") or _EVERYWHERE.get(column.name)


def unmarked(metadata: MetaData) -> list[str]:
    """Columns that are neither marked nor explained."""
    return [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in textual(table)
        if "personal" not in column.info and why_not(column) is None
    ]


def idle(metadata: MetaData) -> list[str]:
    """Explanations that explain nothing any more."""
    there = {f"{t.name}.{c.name}" for t in metadata.sorted_tables for c in textual(t)}
    names = {name.rpartition(".")[2] for name in there}
    return sorted((set(_HERE) - there) | (set(_EVERYWHERE) - names))
