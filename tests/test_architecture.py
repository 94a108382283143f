"""House rules that no linter knows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from app import SLICES

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app"
EDGES = {"routes.py", "jobs.py", "cli.py", "upload.py"}  # upload: the photo route's batch


def _python_files() -> list[Path]:
    return sorted(APP.rglob("*.py"))


def test_only_the_unit_of_work_commits() -> None:
    offenders = [
        str(path.relative_to(ROOT))
        for path in _python_files()
        if re.search(r"\bcommit\(\)", path.read_text("utf-8"))
        and path != APP / "shared" / "work.py"
    ]
    assert offenders == []


def test_nothing_is_called_util_or_helper() -> None:
    assert [p for p in APP.rglob("*") if re.match(r"(utils?|helpers?)(\.|$)", p.name)] == []


def test_only_edges_open_a_unit_of_work() -> None:
    # pages: routes of many kinds; trying, own, ceilings: what they count stays when the request
    # is refused
    allowed = EDGES | {"access.py", "work.py", "pages.py", "trying.py", "own.py", "ceilings.py"}
    offenders = [
        str(path.relative_to(ROOT))
        for path in _python_files()
        if "with work()" in path.read_text("utf-8")
        and path.name not in allowed
        and not path.name.endswith(("_routes.py", "_jobs.py"))  # a slice with several doors
        and path.parent.name != "demo"
    ]
    assert offenders == []


def test_only_the_clock_reads_the_time() -> None:
    pattern = re.compile(r"datetime\.now\(|date\.today\(|time\.time\(|utcnow\(")
    offenders = [
        str(path.relative_to(ROOT))
        for path in _python_files()
        if pattern.search(path.read_text("utf-8")) and path != APP / "shared" / "clock.py"
    ]
    assert offenders == []


def test_every_slice_folder_is_wired() -> None:
    folders = {p.name for p in APP.iterdir() if (p / "__init__.py").exists()}
    assert folders == {*SLICES, "shared", "web"}


def test_every_part_of_a_slice_is_wired() -> None:
    wired = (
        *(
            "models",
            "kinds",
            "access",
            "ceilings",
            "panel",
            "routes",
            "result_routes",
            "check_routes",
        ),
        *("passkey_routes", "invitation_routes", "open_routes", "request_routes"),
        *("poster_routes", "erasures", "mark", "cli"),
    )
    for name, parts in SLICES.items():
        there = [part for part in wired if (APP / name / f"{part}.py").exists()]
        if name == "sync":  # its kinds are what phones may send
            there.remove("kinds")
        assert (name, there) == (name, list(parts))


def test_every_slice_is_layered() -> None:
    layers = (ROOT / "pyproject.toml").read_text("utf-8")
    assert [name for name in SLICES if f"app.{name}" not in layers] == []


def test_a_web_process_starts_without_what_only_workers_and_few_pages_need(tmp_path: Path) -> None:
    heavy = (
        "typst",
        "docx",
        "lxml",
        "xlsxwriter",
        "cv2",
        "numpy",
        "zxcvbn",
        "webauthn",
        "botocore",
        "alembic",
        "flask_migrate",
        "mako",
        "pygments",
        "psycopg",  # where the database is SQLite
        "icalendar",
        "PIL",
    )
    program = (
        "import sys; from app import create_app; create_app(send_job=print);"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    environ = os.environ | {"LAKTHAN_VAR": str(tmp_path), "LAKTHAN_ENV": "demo"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environ, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"  # together a hundred megabytes of every web process
