"""`flask packet …`: build a packet without web or queue, and check one."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from app.accounts.rules import Actor
from app.packets import queries, service
from app.packets.bag import verify as checking
from app.packets.compile import Compiled, write_packet
from app.packets.frozen.content import Content, Request, from_json
from app.packets.frozen.freeze import freeze
from app.packets.store import StoredPhotos
from app.rounds.programme import load_programme
from app.shared.clock import Quarter, day_starts_at
from app.shared.db import db
from app.shared.errors import NotFound

packet = AppGroup("packet", help="Evidence packets.")
COMMANDS = (packet,)
DISTRICT_DIGITS = 4


@packet.command("build")
@click.option("--quarter", required=True, help="Fiscal quarter, such as 2567Q2.")
@click.option("--area", help="Code of a district (5601) or of the province (56).")
@click.option("--centre", help="Code of one centre (5601-001).")
@click.option("--by", default="ผู้ดูแลระบบ", show_default=True, help="Name on the cover.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
def build(quarter: str, area: str | None, centre: str | None, by: str, out: Path) -> None:
    """Write a packet to a file.  Nothing is registered.

    If this very list was asked for on the web, the file has the same bytes as that edition;
    otherwise it is what the next edition would be, dated by its newest record, and says so.
    The same list gives the same bytes every time.
    """
    content, registered = _list_for(quarter, area, centre, by)
    try:
        done, sha256 = _write(content, out)
    except OSError as error:
        raise click.FileError(str(out), error.strerror) from error
    edition = f"edition {content.edition}"
    click.echo(f"{out}: {done.files} files, {len(done.gaps)} gaps")
    click.echo(f"{edition}, as asked for on the web" if registered else f"{edition}, not issued")
    click.echo(f"SHA-256 {sha256}")


@packet.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def verify(context: click.Context, file: Path) -> None:
    """Check a packet, zipped or unpacked.  Exit status: 0 whole, 1 not whole, 2 unreadable."""
    try:
        report = checking.verify(file)
    except checking.Unreadable as error:
        click.echo(checking.unreadable_line(error))
        context.exit(2)
    for line in report.lines():
        click.echo(line)
    if report.whole and report.sha256:
        click.echo(_origin_line(report.sha256))
    context.exit(0 if report.whole else 1)


def _list_for(quarter: str, area: str | None, centre: str | None, by: str) -> tuple[Content, bool]:
    if (area is None) == (centre is None):
        raise click.UsageError("give either --area or --centre")
    session = db.session()
    reader = Actor(UUID(int=0), "admin", "", None, by)
    kind = "centre" if centre else "district" if len(area or "") == DISTRICT_DIGITS else "province"
    try:
        wanted = Quarter.parse(quarter)
        scope = queries.scope_for(session, reader, kind, centre or area or "")
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--quarter") from error
    except NotFound as error:
        raise click.BadParameter("there is no such unit", param_hint=f"--{kind}") from error
    content = freeze(
        session, scope, wanted, edition=service.next_edition(session, scope, quarter),
        request=Request(by, wanted.starts_at), programme=load_programme(),
    )  # fmt: skip
    if known := service.same_list(session, content):
        return from_json(known.frozen), True
    return replace(content, requested=Request(by, _as_of(content))), False


def _as_of(content: Content) -> datetime:
    """The day the newest record came in: nobody asked for this list, and it has no other time.

    The hour of the command would make two builds of one list differ.
    """
    days = [v.received_on for v in content.visits] + [f.received_on for f in content.followups]
    return day_starts_at(max(days, default=content.last_day))


def _write(content: Content, out: Path) -> tuple[Compiled, str]:
    sources = StoredPhotos(current_app.extensions["files"])
    with tempfile.NamedTemporaryFile(dir=out.parent, suffix=".partial", delete=False) as target:
        try:
            done = write_packet(content, sources, target)
            target.flush()
            os.fsync(target.fileno())
            Path(target.name).replace(out)
        except BaseException:
            Path(target.name).unlink(missing_ok=True)
            raise
    with out.open("rb") as file:
        return done, hashlib.file_digest(file, "sha256").hexdigest()


def _origin_line(sha256: str) -> str:
    try:
        issued = queries.issued_as(db.session(), sha256)
    except SQLAlchemyError:
        return "ตรวจทะเบียนไม่ได้ ไม่มีฐานข้อมูล / no register here to compare with"
    if issued is None:
        return "ไม่พบในทะเบียนของระบบนี้ / not in this system's register"
    return (
        f"ตรงกับฉบับที่ระบบออก / issued here: {issued.scope_code} {issued.quarter} "
        f"ฉบับที่ {issued.edition}"
    )
