"""`flask packet …`: build a packet without web or queue, and check one."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click
from flask import current_app
from flask.cli import AppGroup

from app.accounts.rules import Actor
from app.areas.queries import DISTRICT_DIGITS
from app.packets import queries, service
from app.packets.bag.signature import PacketKey
from app.packets.check_cli import verify
from app.packets.frozen.content import Content, Options, Request, from_json
from app.packets.frozen.freeze import freeze
from app.packets.rules import check_request
from app.packets.store import sources_in
from app.rounds.programme import load_programme
from app.shared.clock import Quarter, day_starts_at, now
from app.shared.db import db
from app.shared.errors import NotFound

if TYPE_CHECKING:
    from app.packets.compile import Compiled

packet = AppGroup("packet", help="Evidence packets.")
packet.add_command(verify)
COMMANDS = (packet,)


@packet.command("build")
@click.option("--quarter", required=True, help="Fiscal quarter, such as 2567Q2.")
@click.option("--area", help="Code of a district (5601) or of the province (56).")
@click.option("--centre", help="Code of one centre (5601-001).")
@click.option("--by", default="ผู้ดูแลระบบ", show_default=True, help="Name on the cover.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--digits", type=click.Choice(["thai", "arabic"]), default="thai", show_default=True)
@click.option("--photos-per-page", type=click.Choice(["2", "4", "6"]), default="4")
@click.option("--originals", is_flag=True, help="With the photos as they came from the phones.")
@click.option("--unmasked", is_flag=True, help="With names and telephone numbers; needs --reason.")
@click.option("--reason", help="Why it is made; printed in it.")
def build(
    quarter: str, area: str | None, centre: str | None, by: str, out: Path,
    digits: str, photos_per_page: str, originals: bool, unmasked: bool, reason: str | None,
) -> None:  # fmt: skip
    """Write a packet to a file.  Nothing is registered.

    All its parts are made here, one after the other.  If this very list was asked for on the
    web, the file has the same bytes as that edition; otherwise it is what the next edition would
    be, dated by its newest record, and says so.  The same list gives the same bytes every time.
    """
    options = Options(digits, int(photos_per_page), originals, unmasked)
    if problems := check_request(options, reason):
        raise click.UsageError(f"--{problems[0].field}: {problems[0].code}")
    request = Request(by, now(), reason)
    content, registered = _list_for(quarter, area, centre, request, options)
    try:
        done, sha256 = _write(content, out)
    except OSError as error:
        raise click.FileError(str(out), error.strerror) from error
    edition = f"edition {content.edition}"
    click.echo(f"{out}: {done.files} files, {len(done.gaps)} gaps")
    click.echo(f"{edition}, as asked for on the web" if registered else f"{edition}, not issued")
    click.echo(f"fingerprint {done.fingerprint}")
    click.echo(f"SHA-256 {sha256}")


def _list_for(
    quarter: str, area: str | None, centre: str | None, request: Request, options: Options
) -> tuple[Content, bool]:
    if (area is None) == (centre is None):
        raise click.UsageError("give either --area or --centre")
    session, settings = db.session(), current_app.config["SETTINGS"]
    reader = Actor(UUID(int=0), "admin", "", None, request.by)
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
        request=request, programme=load_programme(), options=options,
        previous=service.previous_list(session, scope, quarter), site=settings.site,
    )  # fmt: skip
    if known := service.same_list(session, content, reader):
        return from_json(known.frozen), True
    return replace(content, requested=replace(request, at=_as_of(content))), False


def _as_of(content: Content) -> datetime:
    """The day the newest record came in: nobody asked for this list, and it has no other time.

    The hour of the command would make two builds of one list differ.
    """
    days = [v.received_on for v in content.visits] + [f.received_on for f in content.followups]
    return day_starts_at(max(days, default=content.last_day))


def _write(content: Content, out: Path) -> tuple[Compiled, str]:
    from app.packets.compile import build_here  # Typst and python-docx: no web process needs them

    files, settings = current_app.extensions["files"], current_app.config["SETTINGS"]
    seal = PacketKey(settings.signing_key)
    with tempfile.NamedTemporaryFile(dir=out.parent, suffix=".partial", delete=False) as target:
        try:
            with tempfile.TemporaryDirectory(dir=out.parent, prefix=".packet-") as name:
                sources = sources_in(files, Path(name))
                done = build_here(content, sources, target, seal=seal)
            target.flush()
            os.fsync(target.fileno())
            Path(target.name).replace(out)
        except BaseException:
            Path(target.name).unlink(missing_ok=True)
            raise
    with out.open("rb") as file:
        return done, hashlib.file_digest(file, "sha256").hexdigest()
