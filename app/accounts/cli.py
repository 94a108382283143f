"""`flask account …`: accounts from the command line."""

from __future__ import annotations

import secrets

import click
from flask.cli import AppGroup

from app.accounts import service
from app.accounts.rules import AccountDraft, check_account
from app.shared.clock import now
from app.shared.work import work

account_cli = AppGroup("account", help="Accounts: add, close.")


@account_cli.command("add")
@click.argument("username")
@click.option("--name", required=True, help="Full name.")
@click.option(
    "--role", required=True, type=click.Choice(["officer", "reviewer", "admin"]),
    help="Volunteers belong to a centre: add them in the browser.",
)  # fmt: skip
@click.option("--area", "area_code", required=True, help="Area code: 5606 (officer), 56.")
@click.option("--phone", help="A Thai phone number; can be used to sign in.")
@click.option("--password", help="At least 12 characters; made and shown once if left out.")
def add(
    username: str, name: str, role: str, area_code: str, phone: str | None, password: str | None
) -> None:
    """Add an account called USERNAME."""
    secret = password or secrets.token_urlsafe(12)
    draft = AccountDraft(username, name, role, area_code, secret, phone)  # type: ignore[arg-type]
    if problems := check_account(draft):
        for problem in problems:
            click.echo(f"{problem.field}: {problem.code}", err=True)
        raise SystemExit(1)
    try:
        with work() as w:
            service.add_account(w.session, draft, actor_id=None, now=now())
    except service.AccountExists as error:
        click.echo("That username or phone belongs to another account.", err=True)
        raise SystemExit(1) from error
    click.echo(f"Added {draft.username}." + ("" if password else f"  First password: {secret}"))


COMMANDS = (account_cli,)
