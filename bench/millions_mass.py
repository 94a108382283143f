"""The mass in every other table that a page reads, beside the visits of `millions_rows`.

What a row holds is worked out from the table itself: only what a check, a key or a page asks for is
said here.  Everything is made in the database, spread by steps that share no factor.
"""

# ruff: noqa: S608 - every piece of these statements stands in this file, or is a table's name

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Table, func, select, text
from sqlalchemy.orm import Session

from app.shared.db import db
from bench.millions_rows import DAYS, FIRST_DAY

Rows = Mapping[str, str]
"""What stands in a column, as SQL over `n` (from 1), `v` (a visit), `p` (a photo) and the lists."""

SOME = 1_000_000  # visits, and photos, that other rows are of
PLACE = "1 + n::bigint * 7919 % array_length(c.ids, 1)"
AREA = f"c.codes[{PLACE}]::text"  # numbers: an array of words is read from its beginning
DISTRICT = f"substr({AREA}, 1, 4)"
OFFICER = "(SELECT id FROM account WHERE username = 'officer')"
PERSON = "a.ids[1 + n::bigint * 613 % array_length(a.ids, 1)]"
PHONE = "d.ids[1 + n::bigint * 613 % array_length(d.ids, 1)]"
DAY = f"{FIRST_DAY} + (n::bigint * 6373 % {DAYS})::int"
YEAR = "2567 + n % 4"
DIGEST = "md5(n::text || '-') || md5(n::text)"


def _of(*words: str) -> str:
    """One of these in turn."""
    listed = ",".join(f"'{word}'" for word in words)
    return f"(array[{listed}])[1 + n / 7 % {len(words)}]"


def _seldom(each: int, value: str, otherwise: str = "NULL") -> str:
    """One value in every so many rows, the other in all the rest."""
    return f"CASE WHEN n / 3 % {each} = 0 THEN {value} ELSE {otherwise} END"


ENTRY: Rows = {  # what every kind of record has
    "centre_id": f"c.ids[{PLACE}]", "district_code": DISTRICT, "recorder_id": OFFICER,
    "content_sha256": DIGEST, "programme_version": "'khok_nong_na_2567.1'",
    "position_source": "'none'", "version": "1", "captured_offset_min": "420",
}  # fmt: skip
MASS: dict[str, tuple[int, Rows]] = {
    "account": (2_000, {
        "role": "'volunteer'", "username": "'person' || n", "name": "'อาสา ' || n",
        "area_code": AREA, "centre_id": f"c.ids[{PLACE}]", "is_demo": "true",
    }),
    "device": (2_000, {"account_id": PERSON, "token_sha256": DIGEST, "unsent_records": "n % 3"}),
    "sign_in": (20_000, {"account_id": PERSON, "token_sha256": DIGEST}),
    "activity": (200_000, ENTRY | {
        "held_on": DAY, "kind": _of("training", "work"), "n_male": "5", "n_female": "6",
        "n_youth": "0", "n_total": "11",
    }),
    "assessment": (20_000, ENTRY | {
        "assessed_on": DAY, "fiscal_year": YEAR, "percent": "50 + n % 50",
        "computed_grade": _of("A", "B", "C"), "proposed_grade": _of("A", "B", "C"),
        "sides": "'{}'",
    }),
    "document": (200_000, ENTRY | {
        "dated_on": DAY, "kind": _of("order", "minutes"), "file_sha256": DIGEST,
        "file_type": "'application/pdf'", "state": _of("awaited", "received"),
    }),
    "network_order": (2_000, ENTRY | {
        "centre_id": "NULL", "dated_on": DAY, "fiscal_year": YEAR, "act": "'appointed'",
    }),
    "plan_item": (18_000, ENTRY | {
        "fiscal_year": YEAR, "starts_on": DAY, "ends_on": f"{DAY} + 30", "budget_baht": "1000",
        "side": _of("people", "place"), "budget_source": "'none'", "strategy": "'s1'",
    }),
    "plan_result": (60_000, ENTRY | {
        "item_id": "i.ids[1 + n::bigint * 613 % array_length(i.ids, 1)]", "reported_on": DAY,
        "done_percent": "n % 101",
    }),
    "post": (20_000, ENTRY | {"posted_on": DAY, "channel": _of("facebook", "line")}),
    "submission": (40_000, {
        "programme": "'khok_nong_na_' || 2567 + n % 4", "occurrence": "'bench_' || n",
        "quarter": "(2567 + n % 4) || 'Q' || 1 + n / 4 % 4", "unit_code": DISTRICT,
        "district_code": DISTRICT, "state": _seldom(80, _of("submitted", "returned"), "'accepted'"),
        "edition": "1", "due_by": DAY,
    }),
    "audit_entry": (3_000_000, {
        "id": "nextval(pg_get_serial_sequence('audit_entry', 'id'))",
        "action": _of("visit.contact_seen", "contacts.pulled", "visits.exported",
                                 "packet.downloaded", "record.edited", "account.signed_in"),
        "kind": "'visit'", "object_id": "v.id::text", "actor_id": PERSON, "facts": "'{}'",
    }),
    "photo_finding": (50_000, {
        "photo_id": "p.id", "kind": _of("position", "time", "reuse"), "code": "'bench_' || n",
        "about": "''", "facts": "'{}'", "recipe": "1",
        "decision": _seldom(20, "NULL", "'settled'"),
        "decided_at": _seldom(20, "NULL", "now()"),
    }),
    "photo_pair": (50_000, {
        "earlier_id": "p.id", "later_id": "q.id", "kind": _of("same_bytes", "same_picture"),
        "facts": "'{}'",
    }),
    "share_link": (50_000, {
        "token_sha256": DIGEST, "kind": "'copy'", "object_id": "p.id",
        "area_code": AREA, "made_by": OFFICER,
        "expires_at": "now() + n % 60 * interval '1 day'",
    }),
    "incident": (2_000, {
        "kind": "'lost_phone'", "area_code": DISTRICT, "risk": "'some'", "recorded_by": OFFICER,
        "closed_at": _seldom(200, "NULL", "now()"),
    }),
    "incident_step": (10_000, {
        "incident_id": "(SELECT id FROM incident LIMIT 1)", "by": OFFICER, "facts": "'{}'",
        "action": "'noted'",
    }),
    "legal_hold": (300, {
        "area_code": DISTRICT, "placed_by": OFFICER, "lifted_at": _seldom(2, "now()"),
    }),
    "destruction": (500_000, {
        "keeping": _of("visitor", "photo", "request", "sign_in"), "n_objects": "1",
        "cause": _of("retention", "request", "officer"), "kind": "'visit'",
        "area_code": AREA, "digest": DIGEST,
    }),
    "erasure": (20_000, {"kind": "'visit'", "object_id": "v.id", "scrubbed_at": "now()"}),
    "packet": (5_000, {
        "scope_kind": "'district'", "scope_code": DISTRICT, "centre_id": "NULL",
        "quarter": "2567 + n % 4 || 'Q' || 1 + n / 4 % 4", "edition": "n", "frozen": "'{}'",
        "head": "'{}'", "state": "'ready'", "fingerprint": DIGEST, "sha256": DIGEST,
        "size_bytes": "1000", "file_key": "'bench/' || n", "n_files": "3", "n_gaps": "0",
        "ready_at": "now()", "unmasked": "n % 10 = 0", "requested_by": OFFICER,
    }),
    "packet_person": (100_000, {
        "packet_id": "k.ids[1 + n % array_length(k.ids, 1)]", "visit_id": "v.id",
    }),
    "retention_run": (1_400, {"counts": "'{}'", "ended_at": "now()"}),
    "subject_request": (50_000, {
        "kind": _of("access", "forget"), "via": "'code'", "state": _seldom(100, "'open'", "'done'"),
        "area_code": AREA, "visit_id": "v.id", "due_on": f"{DAY} + 30",
    }),
    "receipt_code": (200_000, {"code_sha256": DIGEST, "visit_id": "v.id"}),
    "held_item": (50_000, {
        "device_id": PHONE, "account_id": OFFICER, "kind": "'visit'", "op": "'create'",
        "record_id": "v.id",
        "centre_id": f"c.ids[{PLACE}]", "code": "'no_such_centre'", "item_sha256": DIGEST,
        "body": """'{"item": {"kind": "visit", "op": "create", "data": {}}}'""",
        "state": _of("pending", "conflict", "applied", "dismissed"),
    }),
    "reminder": (300_000, {
        "account_id": f"CASE WHEN n % 3 = 0 THEN {OFFICER} ELSE {PERSON} END",
        "kind": _of("due", "late", "submitted"), "programme": "'khok_nong_na_2567'",
        "occurrence": "'bench_' || n", "unit_code": DISTRICT, "due_by": DAY, "days_before": "3",
        "pushed_at": "now()", "mailed_at": "now()", "read_at": _seldom(2, "now()"),
    }),
    "programme_version": (30, {"key": "'bench'", "fiscal_year": "2500", "version": "n"}),
    "quarter_seal": (300, {
        "district_code": DISTRICT, "sealed_by": OFFICER, "unsealed_by": OFFICER,
        "quarter": "(2567 + n % 4) || 'Q' || 1 + n / 4 % 4", "unsealed_at": "now()",
    }),
    "carried_contact": (500_000, {"device_id": PHONE, "visit_id": "v.id"}),
    "capture_proof": (500_000, {
        "record_kind": "'visit'", "record_id": "v.id", "version": "n", "device_id": PHONE,
        "item_sha256": DIGEST, "verified": "true",
    }),
    "upload": (200_000, {
        "device_id": PHONE, "account_id": OFFICER, "attachment_id": "p.id", "role": "'original'",
        "sha256": DIGEST, "size_bytes": "1000", "state": "'held'",
    }),
    "visit_revision": (1_000_000, {
        "visit_id": "v.id", "version": "n", "action": "'recorded'", "content_sha256": DIGEST,
        "changes": "'{}'",
    }),
    "record_revision": (200_000, {
        "record_id": "gen_random_uuid()", "version": "1", "action": "'recorded'",
        "content_sha256": DIGEST, "changes": "'{}'",
    }),
    "photo_revision": (200_000, {
        "photo_id": "p.id", "version": "n", "action": "'recorded'", "content_sha256": DIGEST,
        "changes": "'{}'",
    }),
    "sharing_copy": (20_000, {"photo_id": "p.id", "state": "'failed'", "attempts": "3"}),
    "photo_check": (10_000, {"sha256": DIGEST, "state": "'waiting'", "facts": "'{}'"}),
}  # fmt: skip
_LISTS = """
(SELECT array_agg(id ORDER BY code) AS ids, array_agg(subdistrict_code::int ORDER BY code) AS codes
    FROM centre) AS c,
(SELECT array_agg(id ORDER BY username) AS ids FROM account) AS a,
(SELECT array_agg(id ORDER BY id) AS ids FROM device) AS d,
(SELECT array_agg(id ORDER BY id) AS ids FROM plan_item) AS i,
(SELECT array_agg(id ORDER BY id) AS ids FROM packet) AS k
"""
_SOME = """
CREATE UNLOGGED TABLE IF NOT EXISTS bench_some_{table} AS
SELECT row_number() OVER () AS no, id FROM (SELECT id FROM {table} LIMIT {most}) AS found
"""


def fill(session: Session, name: str, rows: int, first: int = 1) -> None:
    """Fill a table with its mass, past triggers that would note each row elsewhere.

    `rows` is the number of the last, `first` that of the first.
    """
    for table in ("visit", "photo"):
        session.execute(text(_SOME.format(table=table, most=SOME)))
    session.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
    session.execute(text(insert_of(db.metadata.tables[name], rows)), {"first": first, "rows": rows})
    session.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER USER"))


def copy_province(session: Session, one: str, other: str) -> None:
    """Another province's areas and centres: those of the first under codes and ids of their own."""
    own = {"id": "gen_random_uuid()"}
    for name, codes in (("area", ("code",)), ("centre", ("code", "subdistrict_code"))):
        moved = {code: f":other || substr({code}, 3)" for code in codes}
        columns = [column.name for column in db.metadata.tables[name].columns]
        values = [(own | moved).get(column, _quoted(column)) for column in columns]
        copied = (
            f"INSERT INTO {name} ({', '.join(map(_quoted, columns))}) "
            f"SELECT {', '.join(values)} FROM {name} WHERE code LIKE :one || '%'"
        )
        session.execute(text(copied), {"one": one, "other": other})


def is_filled(session: Session, name: str) -> bool:
    """Whether it has the mass already; a few rows may stand there before."""
    wanted, _values = MASS[name]
    table = db.metadata.tables[name]
    return (session.scalar(select(func.count()).select_from(table)) or 0) >= min(wanted, 100)


def insert_of(table: Table, rows: int) -> str:
    """The statement that fills the table with `:rows` rows."""
    given = MASS[table.name][1]
    step = f"{DAYS * 86_400 // rows + 1} * interval '1 second'"
    values = {
        column.name: given.get(column.name)
        or _plain(column, f"now() - (CAST(:rows AS int) - n) * {step}")
        for column in table.columns
        if column.name in given or not (column.nullable or column.server_default)
    }
    asked = " ".join(values.values())
    return (
        f"INSERT INTO {table.name} ({', '.join(_quoted(name) for name in values)}) "
        f"SELECT {', '.join(values.values())} FROM {_from(asked)}"
    )


def _from(asked: str) -> str:
    parts = ["generate_series(CAST(:first AS int), CAST(:rows AS int)) AS n"]
    for letter, table, shift in (("v", "visit", 0), ("p", "photo", 0), ("q", "photo", 1)):
        if f"{letter}.id" in asked:
            parts.append(
                f"JOIN bench_some_{table} AS {letter} ON {letter}.no = 1 + (n + {shift}) % "
                f"(SELECT count(*) FROM bench_some_{table})"
            )
    return " ".join(parts) + " CROSS JOIN " + _LISTS.strip().replace(",\n(", " CROSS JOIN (")


def _quoted(name: str) -> str:
    return f'"{name}"'


def _plain(column: Column[Any], moment: str) -> str:
    """Some value of the column's type: a moment spread over the years, a few words, a one."""
    default = getattr(column.default, "arg", None)
    if isinstance(column.type, JSON):
        return "'[]'"
    if column.type.python_type is UUID:
        return OFFICER if column.foreign_keys else "gen_random_uuid()"
    if column.type.python_type is str:
        return f"left('ข้อความ ' || n, {getattr(column.type, 'length', None) or 60})"
    return {
        datetime: moment, date: DAY, bytes: "'\\x00'",
        bool: "true" if default is True else "false",
    }.get(column.type.python_type, str(default) if isinstance(default, int) else "1")  # fmt: skip
