"""Stamps: short digests of all that a section is told from, found without telling it.

A section is made of the answers to its questions, the day, the account and the programme.  So the
database itself draws each answer together into one digest, all in one statement, and a section is
told anew only where that has changed: nobody who changes a record has to remember that phones will
ask.  A stamp that changes for nothing costs no more than making the section; what is sent goes by
the section's text.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import lru_cache, reduce
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Subquery,
    func,
    literal,
    literal_column,
    select,
    union_all,
)

from app.accounts.rules import Actor
from app.rounds.programme import programme_key
from app.sync.changes_sections import Asked, questions_for
from app.sync.cursor import DIGEST_BYTES

_KEPT = 16  # people whose question is kept, 400 KB each


def stamps_for(asked: Asked, otherwise: str) -> dict[str, bytes]:
    """A stamp for every section that is told from the database, by name.

    `otherwise`: what the sections depend on beside the database.  Ask for stamps before the
    sections are told: what changes in between is then told twice, never missed.
    """
    parts: dict[str, list[str]] = defaultdict(list)
    programme = asked.programme
    statement = _statement(
        asked.session.get_bind().dialect.name, asked.actor, asked.today,
        programme_key(programme), programme.fiscal_year,
    )  # fmt: skip
    for section, question, answer in asked.session.execute(statement):
        parts[section].append(f"{question} {answer}")
    return {name: stamp_of(otherwise, *sorted(found)) for name, found in parts.items()}


def stamp_of(*texts: str) -> bytes:
    """The digest of some texts."""
    whole = b"".join(sha256(text.encode()).digest() for text in texts)
    return sha256(whole).digest()[:DIGEST_BYTES]


@lru_cache(maxsize=_KEPT)
def _statement(
    dialect: str, actor: Actor, today: date, programme: str, fiscal_year: int
) -> CompoundSelect[Any]:
    """A row for each question: its section, its name, and all of its answer.

    Putting it together takes longer than asking it, so it is kept for the next time of the day.
    """
    rows = []
    for section, questions in questions_for(actor, today, programme, fiscal_year).items():
        for name, question in questions.items():
            answer = question.subquery("answer")
            whole = _ON_POSTGRESQL if dialect == "postgresql" else _on_sqlite(answer)
            rows.append(select(literal(section), literal(name), whole).select_from(answer))
    return union_all(*rows)


# A digest: the rows stay in the database.
_ON_POSTGRESQL: ColumnElement[str] = literal_column(
    "encode(sha256(convert_to(coalesce(string_agg(answer::text, chr(10)), ''), 'UTF8')), 'hex')"
)


def _on_sqlite(answer: Subquery) -> ColumnElement[str]:
    """The rows themselves: the database is in this very process."""
    values: list[ColumnElement[str]] = [func.quote(column) for column in answer.c]
    row = reduce(lambda line, value: line.concat(",").concat(value), values)
    whole: ColumnElement[str] = func.coalesce(func.group_concat(row, "\n"), "")
    return whole
