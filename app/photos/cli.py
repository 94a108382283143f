"""`flask photo reprocess`: renditions are made again after a new recipe or name of a centre."""

from __future__ import annotations

from uuid import UUID

import click
from flask.cli import AppGroup

from app.photos import claims, codes
from app.photos.again import Choice
from app.photos.recipe import RECIPE
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
@click.option("--photo", "photo_id", type=click.UUID, help="Only this photo, of any recipe.")
@click.option("--code", help="Only the photo with this code on its stamp, of any recipe.")
@click.option(
    "--centre", help="All photos of the centre with this official code: its name changed."
)
def reprocess(
    recipe_below: int, unreadable: bool, photo_id: UUID | None, code: str | None, centre: str | None
) -> None:
    """Send photos through the pipeline again.  Originals are only read."""
    stored = codes.read(code) if code else None
    if code and stored is None:
        raise click.BadParameter("not a code: ten letters and digits", param_hint="--code")
    choice = Choice(recipe_below, unreadable, photo_id, stored, centre)
    with work() as w:
        count = claims.reprocess(w.session, now(), choice.condition())
    click.echo(f"{count} photos wait to be processed; the sweeper rings for them.")
