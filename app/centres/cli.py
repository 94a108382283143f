"""`flask centre …`: the list of centres as most offices have it, in a CSV file."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click
from flask.cli import AppGroup

from app.centres import service
from app.centres.rules import CentreDraft, check_centre
from app.shared.clock import gregorian_year, now
from app.shared.errors import DomainError
from app.shared.thai import ascii_digits
from app.shared.work import work

centre_cli = AppGroup("centre", help="Learning centres.")
REQUIRED = ("code", "name", "plot_class", "subdistrict_code", "lat", "lon")


@centre_cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(file: Path) -> None:
    """Import centres from a UTF-8 CSV FILE; each row is judged alone, good rows are kept.

    Columns: code, name, plot_class, subdistrict_code, lat, lon; and if you have them status,
    radius_m, steward_name, phone, moo, village, size_rai, budget_source, budget_year.
    Importing the same file again changes nothing.
    """
    try:
        rows = _rows(file)
    except (UnicodeDecodeError, csv.Error) as error:
        raise click.ClickException(f"{file.name} is not a UTF-8 CSV file: {error}") from error
    outcomes = Counter(_import_row(line, row) for line, row in rows)
    click.echo(", ".join(f"{outcomes[k]} {k}" for k in ("added", "changed", "same", "refused")))
    if outcomes["refused"]:
        raise SystemExit(1)


def _rows(file: Path) -> list[tuple[int, dict[str, str]]]:
    with file.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.DictReader(handle)
        missing = [name for name in REQUIRED if name not in (reader.fieldnames or ())]
        if missing:
            raise click.ClickException(f"{file.name} lacks the columns: {', '.join(missing)}")
        return [(reader.line_num, row) for row in reader]


def _import_row(line: int, row: dict[str, str]) -> str:
    try:
        draft = _draft(row)
        problems = [f"{p.field}: {p.code}" for p in check_centre(draft)]
        if not problems:
            with work() as w:
                return service.import_centre(
                    w.session, draft, given=row.keys(), actor=None, now=now()
                )
    except (ValueError, InvalidOperation) as error:
        problems = [str(error) or "not a number"]
    except DomainError as refusal:
        problems = [refusal.code]
    click.echo(f"line {line}: {'; '.join(problems)}", err=True)
    return "refused"


def _draft(row: dict[str, str]) -> CentreDraft:
    def text(name: str) -> str | None:
        return (row.get(name) or "").strip() or None

    def number(name: str) -> str | None:
        found = text(name)
        return ascii_digits(found) if found else None

    year = number("budget_year")
    return CentreDraft(
        code=number("code") or "",
        name=text("name") or "",
        plot_class=text("plot_class") or "",
        subdistrict_code=number("subdistrict_code") or "",
        lat=float(lat) if (lat := number("lat")) else None,
        lon=float(lon) if (lon := number("lon")) else None,
        status=text("status") or "active",
        radius_m=float(number("radius_m") or 200),
        steward_name=text("steward_name"),
        phone=text("phone"),
        moo=int(moo) if (moo := number("moo")) else None,
        village=text("village"),
        size_rai=Decimal(size) if (size := number("size_rai")) else None,
        budget_source=text("budget_source"),
        budget_year=gregorian_year(int(year)) + 543 if year else None,
    )


COMMANDS = (centre_cli,)
