"""`flask programme …`."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app.rounds.programme import ProgrammeRefused, read_programme

programme_cli = AppGroup("programme", help="Programme files: what forms ask, what is due.")


@programme_cli.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Check a programme FILE; every fault is told with its line."""
    try:
        programme = read_programme(file)
    except ProgrammeRefused as error:
        click.echo(str(error))
        raise SystemExit(1) from error
    click.echo(f"{file.name} is whole: {programme.name}, {len(programme.rounds)} rounds.")


COMMANDS = (programme_cli,)
