"""`flask photo reprocess`: make renditions again after their recipe changed."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.photos import claims
from app.photos.pipeline import RECIPE
from app.shared.clock import now
from app.shared.work import work

photo = AppGroup("photo", help="Photos and what is made of them.")
COMMANDS = (photo,)


@photo.command("reprocess")
@click.option(
    "--recipe-below", type=click.IntRange(min=1), default=RECIPE, show_default=True,
    help="Take photos whose renditions are of an older recipe than this.",
)  # fmt: skip
@click.option("--unreadable", is_flag=True, help="Also those that could not be read.")
def reprocess(recipe_below: int, unreadable: bool) -> None:
    """Send photos through the pipeline again.  Originals are only read."""
    with work() as w:
        count = claims.reprocess(w.session, now(), recipe_below=recipe_below, unreadable=unreadable)
    click.echo(f"{count} photos wait to be processed; the sweeper rings for them.")
