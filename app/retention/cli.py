"""Commands: `flask retention run` and `flask retention show`."""

from __future__ import annotations

from datetime import date, datetime

import click
from flask.cli import AppGroup

from app.retention import runs
from app.retention.night_jobs import carry_on
from app.retention.survey import survey
from app.shared.clock import bangkok_day, gregorian_year, now
from app.shared.db import db
from app.shared.work import work

group = AppGroup("retention", help="What has been kept long enough goes; what is held stays.")
COMMANDS = (group,)


class Day(click.ParamType):
    """A day as YYYY-MM-DD; a Buddhist year is understood."""

    name = "day"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Read it, or fail with a sentence."""
        if isinstance(value, date):
            return value
        try:
            year, month, day = (int(part) for part in value.split("-"))
            return date(gregorian_year(year), month, day)
        except ValueError:
            self.fail(f"{value!r} is no day; write 2026-10-01 or 2569-10-01", param, ctx)


@group.command("run")
@click.option("--dry-run", is_flag=True, help="Only say what would go; changes nothing.")
@click.option(
    "--until", type=Day(), help="As if it were this day; a future one only with --dry-run."
)
def run_now(dry_run: bool, until: date | None) -> None:
    """Destroy or blank what is due, now.  May be run beside the nightly run."""
    today = bangkok_day(now())
    wanted = until or today
    if dry_run:
        _tell_due(wanted)
        return
    if wanted > today:
        raise click.UsageError("a day to come can only be asked about: add --dry-run")
    with work() as w:
        run = runs.begin(w.session, now())
    carry_on(run.id, wanted, go_on=lambda: True)
    _tell(run.id)


@group.command("show")
@click.option("--last", default=7, show_default=True, help="How many runs.")
def show(last: int) -> None:
    """The last runs, and what is due at the next one."""
    for run in runs.latest(db.session(), most=last):
        state = "ended" if run.ended_at else "broken off or under way"
        told = ", ".join(
            f"{what} {runs.total(run, what)}" for what in ("due", "held", "destroyed", "failed")
        )
        click.echo(f"{_local(run.began_at)}  {state}: {told}")
    _tell_due(bangkok_day(runs.next_night(now())))


def _tell_due(day: date) -> None:
    click.echo(f"Due on {day.isoformat()}:")
    for found in survey(db.session(), day):
        if found.due or found.held:
            of = found.disposal
            click.echo(f"  {of.keeping:18} {of.kind:16} {found.due:7} held back {found.held}")


def _tell(run_id: object) -> None:
    db.session().expire_all()
    run = next(each for each in runs.latest(db.session()) if each.id == run_id)
    for key, counts in sorted(run.counts.items()):
        if counts.get("destroyed") or counts.get("failed") or counts.get("held"):
            click.echo(
                f"  {key:36} destroyed {counts.get('destroyed', 0)}, held {counts.get('held', 0)}, "
                f"failed {counts.get('failed', 0)}, files left {counts.get('left', 0)}"
            )
    click.echo("Done." if run.ended_at else "Broken off.")


def _local(instant: datetime) -> str:
    return f"{bangkok_day(instant).isoformat()}"
