"""`flask programme …`."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app.rounds.programme import ProgrammeRefused, load_programme, programmes_in_force
from app.rounds.reading import read_programme
from app.rounds.version_queries import list_versions
from app.shared.db import db

programme_cli = AppGroup("programme", help="Programme files: what forms ask, what is due.")


@programme_cli.command("check")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
def check(file: Path) -> None:
    """Check a programme FILE: every fault with its line; the status is 1 if there is one."""
    try:
        programme = read_programme(file)
    except ProgrammeRefused as error:
        click.echo(str(error))
        raise SystemExit(1) from error
    click.echo(f"{file.name} is whole: {programme.name}, {len(programme.rounds)} rounds.")


@programme_cli.command("list")
def list_all() -> None:
    """List every programme and version, and which are in force."""
    in_force = {programme.name for programme in programmes_in_force()}
    for one in list_versions(db.session()):
        state = "draft" if one.is_draft else "in force" if one.name in in_force else "replaced"
        origin = f"saved {one.row.made_at:%Y-%m-%d}" if one.row else "shipped"
        click.echo(f"{one.name:40} {state:10} {origin}")
    click.echo(f"Forms ask what {load_programme().name} asks.")


COMMANDS = (programme_cli,)
