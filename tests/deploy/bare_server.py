"""An installation on a bare server, made of what deploy/ holds, on loopback and in a folder.

The units' own commands, settings and credentials are used; what a test changes is only where
things lie.  systemd's part (sockets, credentials, restarts) is played by a few lines here.
"""

from __future__ import annotations

import http.client
import os
import re
import shlex
import signal
import socket
import ssl
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.deploy.conftest import free_port
from tests.deploy.places import DEPLOY, UNITS, unit_text
from tests.faults.wire import Answer, _dumped
from tools.setup.places import PYTHON, ROOT

HOST = "lakthan.example.go.th"
# Another checkout, made ready by deploy/build.sh, can be named; else this one is the installation.
PROGRAM = Path(os.environ.get("LAKTHAN_INSTALLED") or ROOT)
PROGRAM_PYTHON = PROGRAM / ".venv/bin/python" if PROGRAM != ROOT else PYTHON
ENDS_WITHIN_S = 60
STARTS_WITHIN_S = 90
PROCESSES = {
    "web": ("lakthan-web.service", ""),
    "photos": ("lakthan-worker@.service", "photos"),
    "packets": ("lakthan-worker@.service", "packets"),
    "upkeep": ("lakthan-worker@.service", "upkeep"),
    "clock": ("lakthan-clock.service", ""),
}
# A kernel's own "no page is both written and run", as MemoryDenyWriteExecute= asks for: 65 is
# PR_SET_MDWE, 1 refuses to gain the right; a kernel that does not know it answers -1.
HARDEN = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(65, 1, 0, 0, 0);"
    " os.execv(sys.argv[1], sys.argv[1:])"
)


@dataclass
class BareServer:
    """The processes of an installation; `start` and `stop` by name, `stop` as systemd would."""

    folder: Path
    secrets: Path
    https_port: int = field(default_factory=free_port)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    door: socket.socket | None = None

    @property
    def var(self) -> Path:
        """The data folder."""
        return self.folder / "var"

    @property
    def authority(self) -> Path:
        """Caddy's own certificate authority, which the clients believe."""
        return self.folder / "caddy/caddy/pki/authorities/local/root.crt"

    def open_the_socket(self) -> None:
        """lakthan-web.socket: it outlives the web."""
        self.door = socket.socket(socket.AF_UNIX)
        self.door.bind(str(self.folder / "web.sock"))
        self.door.listen(512)

    def start(self, *names: str) -> None:
        """Start processes by the names of PROCESSES."""
        for name in names:
            unit, instance = PROCESSES[name]
            text = unit_text(unit)
            if instance:
                drop_in = UNITS / f"{unit.replace('@', f'@{instance}')}.d"
                text += "".join(each.read_text() for each in sorted(drop_in.glob("*.conf")))
            command = self._command(text, instance)
            self.running[name] = self._spawn(name, command, self._environ(text))

    def start_proxy(self) -> None:
        """Caddy with deploy/Caddyfile and its own local authority."""
        environ = {
            "LAKTHAN_HOST": HOST, "LAKTHAN_TLS": "tls internal", "HOME": str(self.folder),
            "LAKTHAN_UPSTREAM": f"unix/{self.folder / 'web.sock'}",
            "LAKTHAN_HTTP_PORT": str(free_port()), "LAKTHAN_HTTPS_PORT": str(self.https_port),
            "XDG_DATA_HOME": str(self.folder / "caddy"),
        }  # fmt: skip
        caddyfile = str(DEPLOY / "Caddyfile")
        words = [str(PYTHON.parent / "caddy"), "run", "--adapter", "caddyfile", "--config"]
        self.running["proxy"] = self._spawn("proxy", [*words, caddyfile], environ)

    def await_ready(self) -> None:
        """Wait until the way from outside to all stores is open."""
        deadline = time.monotonic() + STARTS_WITHIN_S
        while True:
            try:
                if TlsClient(self, timeout_s=5).get("/readyz").status_code == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            dead = [name for name, each in self.running.items() if each.poll() is not None]
            if dead or time.monotonic() > deadline:
                pytest.fail(f"not ready, ended: {dead}\n" + self.words())
            time.sleep(0.05)

    def stop(self, *names: str) -> dict[str, int]:
        """SIGTERM to all of them at once; how each ended."""
        for name in names:
            self.running[name].send_signal(signal.SIGTERM)
        return {name: self.running.pop(name).wait(ENDS_WITHIN_S) for name in names}

    def end(self) -> None:
        """Whatever still runs is killed."""
        for process in self.running.values():
            process.kill()
            process.wait()
        if self.door is not None:
            self.door.close()

    def words(self) -> str:
        """The last words of every process."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"== {log.name}\n{log.read_text()[-1500:]}" for log in logs)

    def _command(self, text: str, instance: str) -> list[str]:
        line = re.findall(r"^ExecStart=(.+)$", text, re.M)[-1]
        line = line.replace("/opt/lakthan/current/.venv/bin/python", str(PROGRAM_PYTHON))
        line = line.replace("/opt/lakthan/current", str(PROGRAM)).replace("%i", instance)
        return shlex.split(line.replace("$$", "$").replace("%%", "%"))

    def _environ(self, text: str) -> dict[str, str]:
        """What systemd would hand over: the settings' file, then Environment=, then credentials."""
        lines = (UNITS / "lakthan.env").read_text().splitlines()
        environ = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        given = r"^LoadCredential=(\w+):/etc/lakthan/secrets/(\w+)$"
        credentials = dict(re.findall(given, text, re.M))
        for line in re.findall(r"^Environment=(.+)$", text, re.M):
            environ |= dict(word.split("=", 1) for word in shlex.split(line))
        for name, value in environ.items():
            if value.startswith("%d/"):
                environ[name] = str(self.secrets / credentials[value.removeprefix("%d/")])
        return environ | {"LAKTHAN_VAR": str(self.var), "PATH": os.environ["PATH"]}

    def _spawn(
        self, name: str, command: list[str], environ: dict[str, str]
    ) -> subprocess.Popen[bytes]:
        door = self.door if name == "web" else None
        handed_over = (3,) if door else ()  # systemd's first descriptor

        if name == "web":  # the shell's own number is gunicorn's: exec
            environ |= {"LISTEN_FDS": "1"}
            command = ["/bin/sh", "-c", 'LISTEN_PID=$$ exec "$@"', "web", *command]
        if name != "proxy":
            command = [sys.executable, "-c", HARDEN, *command]
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                command, cwd=PROGRAM, env=environ, stdout=log, stderr=log, pass_fds=handed_over,
                preexec_fn=door and partial(os.dup2, door.fileno(), 3),  # noqa: PLW1509
                start_new_session=True,
            )  # fmt: skip


class TlsClient:
    """A client from outside: TLS to the proxy, believing its authority only; keeps cookies."""

    def __init__(self, server: BareServer, timeout_s: float = 60) -> None:
        self.server, self.timeout_s = server, timeout_s
        self.cookies: dict[str, str] = {}

    def line(self) -> http.client.HTTPSConnection:
        """One line to the proxy, by the product's name."""
        context = ssl.create_default_context(cafile=str(self.server.authority))
        line = http.client.HTTPSConnection(HOST, self.server.https_port, timeout=self.timeout_s)
        plain = socket.create_connection(("127.0.0.1", self.server.https_port), self.timeout_s)
        line.sock = context.wrap_socket(plain, server_hostname=HOST)
        return line

    def open(
        self,
        path: str,
        *,
        method: str,
        headers: dict[str, str],
        json: Any = None,
        data: bytes | None = None,
        query_string: dict[str, str] | None = None,
    ) -> Answer:
        """Send one request, as tests.faults.wire.WireClient does."""
        if query_string:
            path += "?" + urlencode(query_string)
        if json is not None:
            data, headers = _dumped(json), {**headers, "Content-Type": "application/json"}
        if self.cookies:
            cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            headers = {**headers, "Cookie": cookies}
        line = self.line()
        try:
            line.request(method, path, data, headers)
            answer = line.getresponse()
            for told in answer.headers.get_all("Set-Cookie") or ():
                name, _, value = told.partition(";")[0].partition("=")
                self.cookies[name] = value
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            line.close()

    def get(self, path: str) -> Answer:
        """A page."""
        return self.open(path, method="GET", headers={})

    def submit(self, path: str, **fields: str) -> Answer:
        """Fill in the page's form and send it, as a browser does, with its token."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(path).text)
        assert token is not None, path
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"https://{HOST}:{self.server.https_port}{path}",
            "Origin": f"https://{HOST}:{self.server.https_port}",
        }
        data = urlencode(fields | {"csrf_token": token[1]}).encode()
        return self.open(path, method="POST", headers=headers, data=data)
