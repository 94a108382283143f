"""`flask account …`: accounts from the command line."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import click
from flask import current_app
from flask.cli import AppGroup

from app.accounts import invitations, service
from app.accounts.choosing import first_password_problems
from app.accounts.models import Account, Invitation
from app.accounts.rules import AccountDraft, check_account
from app.shared.clock import bangkok_day, now
from app.shared.errors import NotFound, Problem
from app.shared.work import Work, work

account_cli = AppGroup("account", help="Accounts: add, invite, reset.")


def _described(command: Callable[..., None]) -> Callable[..., None]:
    """The options that describe an account."""
    for option in (
        click.option("--phone", help="A Thai phone number; can be used to sign in."),
        click.option(
            "--area", "area_code", required=True, help="Area code: 5606 (officer), 56."
        ),
        click.option(
            "--role", required=True, type=click.Choice(["officer", "reviewer", "admin"]),
            help="Volunteers belong to a centre: add them in the browser.",
        ),
        click.option("--name", required=True, help="Full name."),
        click.argument("username"),
    ):  # fmt: skip
        command = option(command)
    return command


@account_cli.command("invite")
@_described
def invite(username: str, name: str, role: str, area_code: str, phone: str | None) -> None:
    """Add an account called USERNAME and print the link its owner makes a way in with."""
    draft = AccountDraft(username, name, role, area_code, None, phone)  # type: ignore[arg-type]
    with work() as w:
        account = _add(w, draft)
        told = _told(account, *invitations.invite(w.session, account.id, actor=None, now=now()))
    click.echo(told)


@account_cli.command("reset")
@click.argument("username")
def reset(username: str) -> None:
    """Print a new link for USERNAME; using it takes the old password, factors and passkeys away."""
    with work() as w:
        account = service.find_account(w.session, username)
        try:
            if account is None:
                raise NotFound
            made = invitations.invite(w.session, account.id, actor=None, now=now())
        except NotFound as error:
            raise click.ClickException("There is no open account of that name.") from error
        told = _told(account, *made)
    click.echo(told)


@account_cli.command("add")
@_described
@click.option("--password", help="12 characters or more, not a common one; made here if left out.")
def add(
    username: str, name: str, role: str, area_code: str, phone: str | None, password: str | None
) -> None:
    """Add an account called USERNAME, with a first password."""
    secret = password or secrets.token_urlsafe(12)
    draft = AccountDraft(username, name, role, area_code, secret, phone)  # type: ignore[arg-type]
    _refuse(first_password_problems(draft) if password else [])  # ours is as good as random
    with work() as w:
        account = _add(w, draft)
        added = account.username
    click.echo(f"Added {added}." + ("" if password else f"  First password: {secret}"))


def _add(w: Work, draft: AccountDraft) -> Account:
    _refuse(check_account(draft))
    try:
        return service.add_account(w.session, draft, actor_id=None, now=now())
    except service.AccountExists as error:
        click.echo("That username or phone belongs to another account.", err=True)
        raise SystemExit(1) from error


def _refuse(problems: list[Problem]) -> None:
    """End here if there are any, and say which."""
    for problem in problems:
        click.echo(f"{problem.field}: {problem.code}", err=True)
    if problems:
        raise SystemExit(1)


def _told(account: Account, code: str, entry: Invitation) -> str:
    link = invitations.link_to(current_app.config["SETTINGS"].site, code)
    return f"For {account.username}, once, until {bangkok_day(entry.expires_at)}:\n{link}"


COMMANDS = (account_cli,)
