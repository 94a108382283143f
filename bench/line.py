"""How much a server takes in, end to end: records and photos, over TCP, through gunicorn, to disk.

    python -m bench.line [--clients 8] [--records 250] [--photos 12]

PostgreSQL that waits for the disk, two web processes, eight phones that send without a pause.  What
they send is made before the clock starts; the clients take a tenth of the processor.  Beside each
figure stands the limit of the same machine in the same run: commits of a bare client, and bytes
that a bare loop writes, hashes and fsyncs.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
from flask import Flask

from app import create_app
from app.accounts.rules import AccountDraft
from app.accounts.service import add_account
from app.centres.rules import CentreDraft
from app.centres.service import add_centre
from app.shared.clock import now
from app.shared.db import db
from app.shared.ids import new_id
from app.shared.work import work
from bench.figures import Figure, keep
from bench.product import Product, running
from config import load_settings
from tests.sync.phone_client import API, Phone
from tools.setup.places import VAR

PASSWORD = "a long bench password"  # noqa: S105
PHOTO_BYTES = 4_000_000
LARGEST_BYTES = 40 * 1024 * 1024
BATCH = 100
COME_AGAIN_S = 0.05
# ODK Central's backend on this kind of machine, idle, as measured for the project's bars: 185
# submissions a second at 8 clients, 80 MB/s of 4 MB photos at 8 clients.
ODK_RECORDS, ODK_MB = 185.0, 80.0
WEB_MB = 150


@dataclass(slots=True)
class Line:
    """A connection that stays open, and speaks just enough HTTP."""

    port: int
    token: str
    line: socket.socket

    @classmethod
    def to(cls, port: int, token: str) -> Line:
        """Open one."""
        line = socket.create_connection(("127.0.0.1", port))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return cls(port, token, line)

    def ask(self, head: bytes, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
        """Send a request made by `request`; status, headers and body of the answer."""
        self.line.sendall(head + body if len(body) < 65_536 else head)
        if len(body) >= 65_536:
            self.line.sendall(body)
        got = b""
        while b"\r\n\r\n" not in got:
            more = self.line.recv(65_536)
            if not more:
                raise ConnectionError("the server hung up")
            got += more
        first, _, rest = got.partition(b"\r\n\r\n")
        status, *lines = first.decode("latin-1").split("\r\n")
        headers = {n.lower(): v.strip() for n, _, v in (each.partition(":") for each in lines)}
        length = int(headers.get("content-length", 0))
        while len(rest) < length:
            rest += self.line.recv(65_536)
        return int(status.split()[1]), headers, rest


def request(method: str, path: str, token: str, size: int, **headers: str) -> bytes:
    """The head of a request."""
    told = {"Host": "localhost", "Authorization": f"Bearer {token}", "Content-Length": str(size)}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in (told | named).items()]
    return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode()


def main() -> None:
    """Measure and print a table."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--clients", type=int, default=8)
    asked.add_argument("--records", type=int, default=250, help="of each client")
    asked.add_argument("--photos", type=int, default=12, help="of each client; 0: none")
    options = asked.parse_args()
    with running() as product:
        keep("line", _measure(product, options.clients, options.records, options.photos))


def _measure(product: Product, clients: int, records: int, photos: int) -> list[Figure]:
    phones = _phones(product_here(product), clients)
    url = product.environ["DATABASE_URL"]
    alone = Figure("records, one a request, 1 client", _records(product, phones[:1], records, 1),
                   "/s", limit=_commits(url, 1))  # fmt: skip
    one = Figure(f"records, one a request, {clients} clients",
                 _records(product, phones, records, 1), "/s", "high", 2 * ODK_RECORDS,
                 _commits(url, clients))  # fmt: skip
    many = Figure(f"records, {BATCH} a request, {clients} clients",
                  _records(product, phones, records * 8, BATCH), "/s", "high",
                  20 * ODK_RECORDS)  # fmt: skip
    rest = _measure_photos(product, phones, clients, photos) if photos else []
    return [alone, one, many, *rest]


def _measure_photos(
    product: Product, phones: Sequence[tuple[Phone, str]], clients: int, photos: int
) -> list[Figure]:
    written = _written(clients, photos)
    figures = [
        Figure(f"photos of 4 MB {name}, {clients} clients",
               _photos(product, phones, photos, piece), "MB/s", "high", 1.5 * ODK_MB, written)
        for name, piece in (("whole", PHOTO_BYTES), ("in pieces of 1 MiB", 1024 * 1024))
    ]  # fmt: skip
    _photos(product, phones[:1], 1, LARGEST_BYTES, size=LARGEST_BYTES - 1024)
    largest = max(product.resident_mb())
    return [*figures, Figure("largest web process, after 40 MB in one request", largest, "MB",
                             "low", WEB_MB)]  # fmt: skip


def product_here(product: Product) -> Flask:
    """The same product in this process, to make people and enrol their phones with."""
    app = create_app(load_settings(product.environ), send_job=lambda *_, **__: None)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def _phones(app: Flask, clients: int) -> list[tuple[Phone, str]]:
    with app.app_context():
        centres = []
        with work() as w:
            for number in range(clients):
                draft = CentreDraft(
                    f"5606-{number + 1:03}", f"ศูนย์เรียนรู้ {number}", "HLM3", "560601", 19.15, 100.27
                )
                centre_id = add_centre(w.session, draft, actor=None, now=now()).id
                person = AccountDraft(
                    f"bench{number}", f"Bench {number}", "volunteer", "560601", PASSWORD,
                    centre_id=centre_id, is_demo=True,
                )  # fmt: skip
                add_account(w.session, person, actor_id=None, now=now())
                centres.append(str(centre_id))
        db.session.remove()
    phones = []
    for number, centre in enumerate(centres):
        phone = Phone(app.test_client(use_cookies=False))
        phone.enrol(f"bench{number}", PASSWORD)
        phones.append((phone, centre))
    return phones


def _records(product: Product, phones: Sequence[tuple[Phone, str]], each: int, batch: int) -> float:
    """Records a second: every phone sends `each`, `batch` a request."""
    sent = [_bodies(phone, centre, each, batch) for phone, centre in phones]

    def send(number: int, line: Line) -> Iterator[bytes]:
        for head, body in sent[number]:
            status, answer = _patiently(line, head, body)
            if status != 200:
                raise SystemExit(f"{status}: {answer[:300]!r}")
            yield answer

    seconds, answers = _together(product, phones, send)
    created = sum(
        result["status"] == "created"
        for answer in answers
        for result in json.loads(answer)["results"]
    )
    if created != each // batch * batch * len(phones):
        raise SystemExit(f"only {created} were created")
    return created / seconds


def _patiently(line: Line, head: bytes, body: bytes) -> tuple[int, bytes]:
    """Ask as a phone does: told that all threads are reading, it comes again in a moment."""
    while True:
        status, _, answer = line.ask(head, body)
        if status != 503 or b"lines_busy" not in answer:
            return status, answer
        time.sleep(COME_AGAIN_S)


def _bodies(phone: Phone, centre: str, each: int, batch: int) -> list[tuple[bytes, bytes]]:
    found = []
    for _ in range(each // batch):
        items = [phone.visit(centre) for _ in range(batch)]
        body = {"items": items, "device_time": items[0]["data"]["captured_at"]}
        raw = _written_by_a_browser(body)
        head = request("POST", f"{API}/records", phone.token, len(raw),
                       Content_Type="application/json")  # fmt: skip
        found.append((head, raw))
    return found


def _written_by_a_browser(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _photos(
    product: Product,
    phones: Sequence[tuple[Phone, str]],
    each: int,
    piece: int,
    size: int = PHOTO_BYTES,
) -> float:
    """MB a second of photos by tus, created, sent, hashed, fsynced and answered."""
    pictures = [[_picture(size) for _ in range(each)] for _ in phones]

    def send(number: int, line: Line) -> Iterator[bytes]:
        for content, sha256, digests in pictures[number]:
            yield _upload(line, content, sha256, digests, piece)

    for per_phone in pictures:  # digests of pieces are made before the clock starts
        for content, _, digests in per_phone:
            for offset in range(0, len(content), piece):
                part = hashlib.sha256(content[offset : offset + piece]).digest()
                digests[offset] = base64.b64encode(part).decode()
    seconds, answers = _together(product, phones, send)
    return len(answers) * size / 1e6 / seconds


def _picture(size: int) -> tuple[bytes, str, dict[int, str]]:
    content = b"\xff\xd8\xff\xe0" + os.urandom(size - 4)
    return content, hashlib.sha256(content).hexdigest(), {}


def _upload(line: Line, content: bytes, sha256: str, digests: dict[int, str], piece: int) -> bytes:
    told = {"attachment_id": str(new_id()), "sha256": sha256, "role": "original"}
    words = ",".join(f"{n} {base64.b64encode(v.encode()).decode()}" for n, v in told.items())
    tus = {"Tus_Resumable": "1.0.0"}
    head = request("POST", f"{API}/uploads", line.token, 0, **tus, Upload_Metadata=words,
                   Upload_Length=str(len(content)))  # fmt: skip
    status, headers, answer = line.ask(head)
    if status != 201:
        raise SystemExit(f"{status}: {answer[:300]!r}")
    path = API + headers["location"].partition(API)[2]
    for offset in range(0, len(content), piece):
        part = content[offset : offset + piece]
        head = request("PATCH", path, line.token, len(part), **tus, Upload_Offset=str(offset),
                       Upload_Checksum=f"sha256 {digests[offset]}",
                       Content_Type="application/offset+octet-stream")  # fmt: skip
        status, headers, answer = line.ask(head, part)
        if status != 204 or int(headers["upload-offset"]) != offset + len(part):
            raise SystemExit(f"{status}: {answer[:300]!r}")
    return b""


def _together(
    product: Product,
    phones: Sequence[tuple[Phone, str]],
    send: Callable[[int, Line], Iterator[bytes]],
) -> tuple[float, list[bytes]]:
    """Seconds from the first byte to the last answer of all clients, and the answers."""
    ready = threading.Barrier(len(phones) + 1)

    def client(number: int) -> list[bytes]:
        line = Line.to(product.port, phones[number][0].token)
        with closing(line.line):
            ready.wait()
            return list(send(number, line))

    with ThreadPoolExecutor(len(phones)) as pool:
        waiting = [pool.submit(client, number) for number in range(len(phones))]
        ready.wait()
        began = time.perf_counter()
        answers = [answer for each in waiting for answer in each.result()]
        return time.perf_counter() - began, answers


def _commits(url: str, clients: int, seconds: float = 3.0) -> float:
    """Durable commits a second of one small row, by so many bare clients."""
    address = url.replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("create table if not exists bench_commit (words text)")
    until = time.perf_counter() + seconds

    def commit(_number: int) -> int:
        done = 0
        with psycopg.connect(address, autocommit=True) as connection:
            while time.perf_counter() < until:
                connection.execute("insert into bench_commit values (%s)", ("x" * 400,))
                done += 1
        return done

    with ThreadPoolExecutor(clients) as pool:
        return sum(pool.map(commit, range(clients))) / seconds


def _written(clients: int, photos: int) -> float:
    """MB a second that a bare loop hashes, writes and fsyncs, a file for each photo."""
    contents = [os.urandom(PHOTO_BYTES) for _ in range(clients)]
    with tempfile.TemporaryDirectory(dir=VAR) as folder:

        def write(number: int) -> None:
            for each in range(photos):
                hashlib.sha256(contents[number]).hexdigest()
                with (Path(folder) / f"{number}-{each}").open("wb") as file:
                    file.write(contents[number])
                    file.flush()
                    os.fsync(file.fileno())

        began = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            list(pool.map(write, range(clients)))
        return clients * photos * PHOTO_BYTES / 1e6 / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
