"""The index of fingerprints: which photos share keys with a picture.  SQLite and PostgreSQL.

A key is an opaque whole number, 0 <= key < 2**62; `app.prints.features` decides what it means.
The index is exact: it finds what reading everything would find; no sampling.  (The one limit is
`MOST_ROWS`.)
"""

from __future__ import annotations

import heapq
import struct
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.prints.models import PhotoPrint
from app.prints.statements import bound, statement
from app.shared.dialects import insert_into


@dataclass(frozen=True, slots=True)
class Candidate:
    """A photo that shares `votes` of the distinct probes."""

    photo_id: UUID
    votes: int


MOST_ROWS = 1_000_000
"""A look-up reads no more rows of the index: a second of processor time and 150 MB, measured.

An ordinary one reads some thousand.  Reached only if keys are in a good part of all photos, as
those of a camera app's logo might be.
"""


def put(session: Session, photo_id: UUID, keys: Iterable[int], recipe: int, now: datetime) -> None:
    """Make `keys` the photo's keys, whatever it had.  Keys of a newer recipe stay.

    May come twice, also at once: the photo's row makes the second wait for the first, and what
    is there already is not written again.  No keys at all is an answer too (a blank wall).
    """
    print_row = _locked(session, photo_id, recipe, now)
    if print_row.recipe > recipe:
        return  # a worker of the release before is late
    had, has = set(_unpacked(print_row.keys)), set(keys)
    _write(session, "drop", print_row.no, had - has)
    _write(session, "add", print_row.no, has - had)
    if had != has or print_row.recipe != recipe:
        values = {"keys": _packed(has), "recipe": recipe, "made_at": now}
        chosen = update(PhotoPrint).where(PhotoPrint.no == print_row.no)
        session.execute(chosen.values(values), execution_options={"synchronize_session": False})


def candidates(
    session: Session,
    probes: Iterable[int],
    *,
    min_votes: int,
    exclude: UUID | None = None,
    limit: int = 50,
) -> list[Candidate]:
    """Every photo that shares at least `min_votes` (>= 1) of the distinct probes, best first.

    Among equals the photo that came into the index first is first.  `exclude` leaves one photo
    out, `limit` keeps the best.  A probe given twice counts once.

    Probes that together lead to more than `MOST_ROWS` rows are not asked all: the commonest are
    left out until the others lead to fewer, and votes are of those.
    """
    votes = _votes(session, set(probes))
    enough = [(-count, int(no)) for no, count in votes.items() if count >= min_votes]
    best = heapq.nsmallest(limit + 1, enough)  # one more, in place of the photo left out
    photo_ids = _photo_ids(session, [no for _votes, no in best])
    found = (Candidate(photo_ids[no], -count) for count, no in best if no in photo_ids)
    return [one for one in found if one.photo_id != exclude][:limit]


def forget(session: Session, photo_id: UUID) -> None:
    """Take a photo out of the index.  One that is not in it stays so."""
    chosen = select(PhotoPrint.no, PhotoPrint.keys).where(PhotoPrint.photo_id == photo_id)
    row = session.execute(chosen.with_for_update()).first()
    if row is None:
        return
    _write(session, "drop", row.no, _unpacked(row.keys))
    session.execute(
        delete(PhotoPrint).where(PhotoPrint.no == row.no),
        execution_options={"synchronize_session": False},
    )


def _votes(session: Session, probes: set[int]) -> Counter[str]:
    """How many probes each print has, by its number as text.

    The numbers come as one text and are counted here: less than half the time of a GROUP BY, or
    of a row each.
    """
    shared = _shared(session, probes)
    if len(shared) > MOST_ROWS:
        shared = _shared(session, _without_commonest(session, probes))
    return Counter(shared)


def _shared(session: Session, probes: set[int]) -> list[str]:
    values = {"keys": bound(session, probes), "most": MOST_ROWS + 1}
    joined: str | None = session.execute(statement(session, "sharing"), values).scalar_one()
    return joined.split(",") if joined else []


def _without_commonest(session: Session, probes: set[int]) -> set[int]:
    """The rarest of the probes, as many as lead to no more than `MOST_ROWS` rows."""
    values = {"keys": bound(session, probes), "most": MOST_ROWS + 1}
    counts = sorted(
        (n, probe) for probe, n in session.execute(statement(session, "common"), values)
    )
    together = accumulate(count for count, _probe in counts)
    return {
        probe for (_count, probe), rows in zip(counts, together, strict=True) if rows <= MOST_ROWS
    }


def _photo_ids(session: Session, numbers: list[int]) -> dict[int, UUID]:
    if not numbers:
        return {}
    values = {"keys": bound(session, set(numbers))}
    rows = session.execute(statement(session, "photos"), values)
    return {row.no: row.photo_id for row in rows}


def _locked(session: Session, photo_id: UUID, recipe: int, now: datetime) -> Any:
    """The photo's row, made if there is none, and ours until the transaction ends."""
    table: Any = PhotoPrint.__table__
    # An update that changes nothing, because DO NOTHING neither locks nor returns the row.
    upsert = insert_into(session, table).on_conflict_do_update(
        index_elements=["photo_id"], set_={"photo_id": table.c.photo_id}
    )
    values = {"photo_id": photo_id, "recipe": recipe, "made_at": now, "keys": b""}
    returning = upsert.returning(table.c.no, table.c.recipe, table.c["keys"])
    return session.execute(returning, values).one()


def _write(session: Session, name: str, no: int, keys: Iterable[int]) -> None:
    chosen = set(keys)
    if chosen:
        values = {"no": no, "keys": bound(session, chosen)}
        session.execute(statement(session, name), values)


def _packed(keys: Iterable[int]) -> bytes:
    ordered = sorted(keys)
    return struct.pack(f"<{len(ordered)}q", *ordered)


def _unpacked(packed: bytes) -> Sequence[int]:
    return struct.unpack(f"<{len(packed) // 8}q", packed)
