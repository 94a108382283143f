"""`flask visit …`."""

import click
from flask.cli import AppGroup

from app.shared.db import db
from app.shared.work import work
from app.visits.tallies import first_wrong, rebuild

visit_cli = AppGroup("visit", help="The visitor book.")


@visit_cli.command("tallies")
@click.option("--rebuild", "anew", is_flag=True, help="Count the whole book anew; writers wait.")
def tallies(anew: bool) -> None:
    """Check that the sums the database keeps are those of the book."""
    if anew:
        with work() as w:
            rebuild(w.session)
    wrong = first_wrong(db.session())
    if wrong:
        centre_id, month = wrong
        raise click.ClickException(
            f"Centre {centre_id}, {month:%Y-%m}: the sum is not the book's. Run with --rebuild."
        )
    click.echo("Every sum is the book's.")


COMMANDS = (visit_cli,)
