"""`flask demo`: a province to try things in."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app.demo.cast import StoryRefused
from app.demo.people import DEMO_PASSWORD, PEOPLE
from app.rounds.programme import FOLDER, read_programme
from app.shared.clock import now
from app.shared.work import work
from config import Settings

STORY_PROGRAMME = "khok_nong_na_2567"
SHOWN = 6  # one account of each role, and two for comparing scopes
MOST_PROCESSES = 2  # the machine has other things to do


@click.command("demo")
@click.option("--accounts", is_flag=True, help="Only print who can sign in.")
@with_appcontext
def demo(accounts: bool) -> None:
    """Fill the database with invented centres, people, visits and photographs.

    A second run adds nothing; on a later day it adds the days in between.
    """
    settings: Settings = current_app.config["SETTINGS"]
    if settings.is_production:
        raise click.ClickException("The demo is not for production: LAKTHAN_ENV is production.")
    if accounts:
        click.echo("\n".join(account_lines()))
        return
    from app.demo import service  # pictures and their painting: 20 MB no web process needs

    studio = service.Studio(
        files=current_app.extensions["files"],
        max_bytes=settings.photo_max_bytes,
        font=thai_font(Path(current_app.static_folder or "")),
        processes=min(MOST_PROCESSES, os.cpu_count() or 1),
    )
    try:
        # The story is one of the letter's programme, whichever is in force.
        programme = read_programme(FOLDER / f"{STORY_PROGRAMME}.yaml")
        added = service.seed_demo(work, studio, programme, now=now(), say=click.echo)
    except StoryRefused as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"demo: added {added.centres} centres, {added.accounts} accounts, {added.visits} visits, "
        f"{added.followups} follow-ups, {added.photos} photos, {added.records} records, "
        f"{added.reports} reports"
    )


def account_lines() -> Iterable[str]:
    """Username, password and role of the accounts to show."""
    for person in PEOPLE[:SHOWN]:
        yield f"  {person.username:<11} {DEMO_PASSWORD}   {person.role}: {person.words}"


def thai_font(static: Path) -> Path | None:
    """The bold Sarabun that the pages' build left, or any cut of it; None before the build."""
    cuts = sorted(static.glob("dist/**/*[Ss]arabun*.ttf"))
    bold = [cut for cut in cuts if "bold" in cut.name.lower() and "italic" not in cut.name.lower()]
    found = bold or cuts
    return found[0] if found else None


COMMANDS = (demo,)
