"""`flask audit …`: check the chain by hand."""

import click
from flask.cli import AppGroup

from app.audit import service
from app.shared.work import work

audit_cli = AppGroup("audit", help="The audit log and its hash chain.")


@audit_cli.command("verify")
def verify() -> None:
    """Seal what waits, then check every entry against the chain.  Exit 1 where it is broken."""
    with work() as w:
        while service.seal(w.session):
            pass
        broken = service.first_break(w.session)
    if broken is not None:
        click.echo(f"The audit log is broken at entry {broken}.")
        raise SystemExit(1)
    click.echo("The audit log is whole.")


COMMANDS = (audit_cli,)
