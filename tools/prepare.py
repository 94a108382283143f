"""Bring the data up to date: tables, official areas and, in a demonstration, its story.

One process for what are several `flask` commands, because each start of the application
costs a second.  Harmless when everything is there already.  Started by the supervisor in
.venv; writes what there is to know about the accounts to the file named first.
"""

import contextlib
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])


def main(accounts: Path) -> None:
    """Run the commands in order; the first that fails ends it."""
    from flask.cli import FlaskGroup

    from app import create_app

    app = create_app()
    flask = FlaskGroup(create_app=lambda: app)

    def run(*words: str) -> None:
        flask.main(args=words, prog_name="flask", standalone_mode=False)

    run("db", "upgrade")
    run("areas", "load")
    if app.config["SETTINGS"].env == "demo":
        run("demo")
        with accounts.open("w", encoding="utf-8") as file, contextlib.redirect_stdout(file):
            run("demo", "--accounts")


if __name__ == "__main__":
    from click import ClickException

    from config import SettingsRefused

    try:
        main(Path(sys.argv[1]))
    except SettingsRefused as refusal:
        sys.exit(str(refusal))
    except ClickException as refusal:
        sys.exit(refusal.format_message())
