"""`flask areas …`."""

import click
from flask.cli import AppGroup

from app.areas.service import load_areas
from app.shared.work import work

areas_cli = AppGroup("areas", help="Official areas: province, districts, subdistricts.")


@areas_cli.command("load")
def load() -> None:
    """Load or refresh the official areas of the province."""
    with work() as w:
        count = load_areas(w.session)
    click.echo(f"{count} areas loaded.")


COMMANDS = (areas_cli,)
