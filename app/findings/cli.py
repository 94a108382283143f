"""`flask finding renew`: every photo is examined again, after thresholds were changed."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.findings.renewal import renew_all
from app.shared.work import work

finding = AppGroup("finding", help="Questions that photos raise.")
COMMANDS = (finding,)


@finding.command("renew")
def renew() -> None:
    """Examine every photo again by the programme in force.  What was decided stays decided."""
    with work() as w:
        count = renew_all(w.session)
    click.echo(f"{count} photos wait to be examined; the sweeper rings for them.")
