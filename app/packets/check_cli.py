"""`flask packet verify`: check a packet, against this system's own key and register too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from app.packets.bag import verify as checking
from app.packets.bag.signature import PacketKey
from app.packets.register import register_entry
from app.shared.db import db


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The answer for a program.")
@click.option("--key", help="Key id to trust; this system's own when not given.")
@click.pass_context
@with_appcontext
def verify(context: click.Context, file: Path, as_json: bool, key: str | None) -> None:
    """Check a packet, zipped or unpacked.

    Exit status: 0 whole, 1 not whole or signed with another key, 2 unreadable.
    """
    try:
        report = checking.check(file)
    except checking.Unreadable as error:
        told = checking.unreadable_json(error)
        click.echo(_as_text(told) if as_json else checking.unreadable_line(error))
        context.exit(2)
    if report.signature == "valid":
        report.trusted = report.key_id == (key or _own_key_id())
    if report.whole:
        report.register = _registered(report)
    if as_json:
        more = {"trusted": report.trusted, "register": report.register}
        click.echo(_as_text({**report.as_json(), **more}))
    else:
        click.echo("".join(checking.say(line) for line in report.lines()), nl=False)
    context.exit(0 if report.whole and report.trusted is not False else 1)


def _own_key_id() -> str:
    return PacketKey(current_app.config["SETTINGS"].signing_key).key_id


def _registered(report: checking.Report) -> dict[str, Any]:
    """What this system's register says, as `GET /packets/register/<fingerprint>` would."""
    digests = [digest for digest in (report.fingerprint, report.sha256) if digest]
    try:
        found = next(
            (entry for digest in digests if (entry := register_entry(db.session(), digest))), None
        )
    except SQLAlchemyError:
        return {"error": "ไม่มีฐานข้อมูล / there is no database here"}
    if found is None:
        return {"known": False}
    return {
        "known": True,
        "edition": found.edition,
        "newest_edition": found.newest_edition,
        "issued_on": found.issued_on.isoformat(),
        "withdrawn": found.withdrawn,
    }


def _as_text(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False, indent=2)
