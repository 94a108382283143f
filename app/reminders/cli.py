"""`flask reminders due`: what would be told on a day, without telling it."""

from __future__ import annotations

from datetime import datetime

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from app.accounts.models import Account
from app.reminders.service import reminders_of
from app.rounds.programme import programmes_in_force
from app.shared.clock import bangkok_day, now
from app.shared.db import db

reminders = AppGroup("reminders", help="Who is told what.")
COMMANDS = (reminders,)


@reminders.command("due")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="the Bangkok day; today")
def due(on: datetime | None) -> None:
    """List what would be told on a day, one line each, and tell nobody."""
    day = on.date() if on else bangkok_day(now())
    session = db.session()
    allow_demo = not current_app.config["SETTINGS"].is_production
    found = reminders_of(session, programmes_in_force(), day, allow_demo=allow_demo)
    names = {row.id: row.username for row in session.scalars(select(Account))}
    for one in found:
        units = f" ({one.units} units)" if one.units > 1 else ""
        step = "late" if one.kind == "late" else f"{one.days_before} days before"
        place = f"{one.unit_code}{units}"
        click.echo(
            f"{names[one.account_id]}: {one.occurrence} of {place}, due {one.due_by}, {step}"
        )
    click.echo(f"{len(found)} reminders on {day}")
