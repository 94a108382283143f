"""Wapiti against the product as `make run` starts it, with demonstration data.

Three times: as a stranger, as an officer, as an administrator.  It fails on every finding of medium
severity or more that `ARGUED` does not name.  LAKTHAN_ATTACK_S changes how long each scan may take.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from tools.security.environment import get_tool
from tools.setup.console import complain, say
from tools.setup.places import PYTHON, ROOT

PASSWORD = "khok-nong-na-demo"  # noqa: S105 - of the demonstration accounts, as the README says
WHO = ("stranger", "officer", "admin")
MODULES = (
    "cookieflags,crlf,csp,csrf,exec,file,http_headers,information_disclosure,methods,"
    "permanentxss,redirect,sql,upload,xss"
)
SECONDS = int(os.environ.get("LAKTHAN_ATTACK_S", "240"))  # a scan: a third to look, the rest to try
STARTS_WITHIN_S = 240
MEDIUM = 2  # wapiti counts information 0, low 1, medium 2, high 3, critical 4
# What it finds and what we say to it: (category, a part of the place) -> why it stands.
ARGUED: dict[tuple[str, str], str] = {
    ("Cross Site Request Forgery", " /photos/findings/"): (
        "several forms on one page: each token's name has its form's prefix, which wapiti does not"
        " know; without the token the answer is 400"
        " (tests/security/test_tokens.py, the last promise)"
    ),
}


@dataclass(frozen=True, slots=True)
class Found:
    """One finding of wapiti's."""

    who: str
    category: str
    level: int
    place: str
    words: str

    @property
    def argued(self) -> bool:
        """Whether the list above says why it stands."""
        return any(self.category == name and part in self.place for name, part in ARGUED)

    def __str__(self) -> str:
        return f"as {self.who}: {self.category} ({self.level}): {self.place}: {self.words}"


def attack_all() -> int:
    """Scan as everybody; 0 if nothing of weight was found."""
    wapiti = get_tool("wapiti") / "wapiti"
    left = 0
    with (
        tempfile.TemporaryDirectory(prefix="lakthan-attack-") as folder,
        _product(Path(folder)) as address,
    ):
        for who in WHO:
            found, pages = _scan(wapiti, address, who, Path(folder))
            weighty = [one for one in found if one.level >= MEDIUM]
            bad = [one for one in weighty if not one.argued]
            left += len(bad)
            for one in found:
                (complain if one in bad else say)(str(one))
            say(f"as {who}: {pages} addresses, {len(found)} findings, {len(weighty)} of medium"
                f" severity or more, {len(bad)} of them not argued")  # fmt: skip
        errors = _server_errors(Path(folder))
    say(f"{errors} server errors; {left} findings to mend")
    return 1 if left or errors else 0


def _scan(wapiti: Path, address: str, who: str, folder: Path) -> tuple[list[Found], int]:
    report = folder / f"{who}.json"
    command: list[object] = [
        wapiti, "-u", f"{address}/", "--scope", "folder", "-m", MODULES, "-d", 6,
        "--max-links-per-page", 60, "--max-files-per-dir", 40, "--max-scan-time", SECONDS // 3,
        "--max-attack-time", max(SECONDS // 12, 10), "--tasks", 4, "-t", 15, "--no-bugreport",
        "--flush-session", "--store-session", folder / f"session-{who}", "-f", "json", "-o", report,
        "-v", 0, "-x", f"{address}/sign-out", "-x", f"{address}/static/*",
    ]  # fmt: skip
    if who != "stranger":
        command += ["-H", f"Cookie: {_cookie(address, who)}"]
    _run(command, folder / f"wapiti-{who}.log")
    told = json.loads(report.read_text("utf-8"))
    return list(_findings(who, told)), int(told["infos"].get("crawled_pages_nbr", 0))


def _findings(who: str, told: dict[str, Any]) -> Iterator[Found]:
    for group in ("vulnerabilities", "anomalies"):
        for category, several in told.get(group, {}).items():
            for one in several:
                place = f"{one.get('method', '')} {one.get('path', '')} {one.get('parameter', '')}"
                yield Found(who, category, int(one["level"]), place, str(one["info"]))


def _run(command: Sequence[object], log: Path) -> None:
    with log.open("wb") as sink:
        subprocess.run(list(map(str, command)), stdout=sink, stderr=sink, check=False)


def _cookie(address: str, who: str) -> str:
    """Sign in as a person would, and give back the cookie."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = _open(browser, f"{address}/sign-in").read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    said = {"login": who, "password": PASSWORD, "csrf_token": token[1] if token else ""}
    request = urllib.request.Request(
        f"{address}/sign-in", urllib.parse.urlencode(said).encode(),
        {"Origin": address, "Referer": f"{address}/sign-in"},
    )  # fmt: skip
    if "/sign-in" in _open(browser, request).url:
        raise SystemExit(f"{who} could not sign in")
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def _open(
    browser: urllib.request.OpenerDirector, what: str | urllib.request.Request
) -> HTTPResponse:
    answer: HTTPResponse = browser.open(what, timeout=60)
    return answer


@contextmanager
def _product(folder: Path) -> Iterator[str]:
    """The product as an office starts it, in a folder of its own; its address."""
    address = f"http://127.0.0.1:{_free_port()}"
    env = os.environ | {
        "LAKTHAN_VAR": str(folder / "var"), "PORT": address.rpartition(":")[2],
        "LAKTHAN_ENV": "demo",
    }  # fmt: skip
    with (folder / "product.log").open("wb") as log:
        command = [str(PYTHON), str(ROOT / "tools" / "run.py")]
        running = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True
        )
    try:
        _await(address, running, folder / "product.log")
        yield address
    finally:
        running.send_signal(signal.SIGINT)
        try:
            running.wait(timeout=60)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)


def _await(address: str, running: subprocess.Popen[bytes], log: Path) -> None:
    """Until the pages answer and the demonstration accounts are there."""
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline and running.poll() is None:
        try:
            _open(urllib.request.build_opener(), f"{address}/readyz").close()
            return
        except OSError:
            time.sleep(0.5)  # nothing tells us but asking again
    raise SystemExit(f"The product did not start:\n{log.read_text('utf-8', 'replace')[-2000:]}")


def _server_errors(folder: Path) -> int:
    """How many answers the product logged as its own fault."""
    logs = [folder / "product.log", *(folder / "var" / "log").glob("*.log*")]
    text = "\n".join(log.read_text("utf-8", "replace") for log in logs if log.is_file())
    return text.count("failed with 5") + text.count("Traceback (most recent call last)")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
