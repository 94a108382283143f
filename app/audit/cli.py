"""`flask audit …`: check the chain by hand."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.audit import anchors, service
from app.shared.work import work

audit_cli = AppGroup("audit", help="The audit log and its hash chain.")


@audit_cli.command("verify")
@click.option(
    "--anchor", "files", multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A backup's manifest.json, or a list of anchors: the log must still reach that far.",
)  # fmt: skip
def verify(files: tuple[Path, ...]) -> None:
    """Seal what waits, then check every entry against the chain.  Exit 1 where it is broken."""
    known = _anchors(files)
    with work() as w:
        while service.seal(w.session):
            pass
        broken = service.first_break(w.session)
        cut = anchors.missing_anchor(w.session, known)
        newest = anchors.anchor_of(w.session)
    if broken is not None:
        raise click.ClickException(f"The audit log is broken at entry {broken}.")
    if cut is not None:
        raise click.ClickException(
            f"The audit log is not the one that was anchored at entry {cut.position}: "
            "its end was cut off, or it was written anew."
        )
    count = newest.position if newest else 0
    click.echo(f"The audit log is whole: {count} entries, {len(known)} anchors hold.")
    if newest:
        click.echo(f"Anchor: {newest.position} {newest.digest}")


def _anchors(files: tuple[Path, ...]) -> list[anchors.Anchor]:
    """Those asked for, and those the installation keeps itself."""
    own = current_app.config["SETTINGS"].var_dir / anchors.FILE
    found: list[anchors.Anchor] = []
    for path in (*files, *([own] if own.exists() else [])):
        try:
            found += anchors.read_anchors(path)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise click.ClickException(f"{path.name} holds no anchor.") from error
    return found


COMMANDS = (audit_cli,)
