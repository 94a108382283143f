"""How fast uploads land: 8 clients, 4 MB photos by tus, into the data folder and into a bucket.

    .venv/bin/python -m bench.store [--photos 64]

Runs gunicorn (8 threads) twice in one run, on SQLite, with 1 MiB pieces as our phone sends them;
the bucket is rclone's server on this machine, so both share its disk and processors.  Prints MB/s
of each and the bucket's ratio to the folder: the ratio is what to compare between runs.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from app import create_app
from app.shared.clock import now
from app.shared.db import db
from app.shared.ids import new_id
from app.shared.work import work
from bench.figures import Figure, keep
from config import Settings
from tests.devices.phones import enrolled
from tests.packets.bucket import KEY, NAME, SECRET, running
from tests.uploads.tus import TusPhone
from tests.uploads.wire import WirePhone

PHOTO_BYTES = 4_000_000
PIECE_BYTES = 1024 * 1024
CLIENTS = 8


def main() -> None:
    """Run both and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=64)
    photos = parser.parse_args().photos
    with tempfile.TemporaryDirectory(prefix="bench-store-") as name:
        root = Path(name)
        (root / "s3").mkdir()
        with running(root / "s3") as port:
            address = f"s3://{NAME}/bench?endpoint=http://127.0.0.1:{port}"
            speeds = {kind: _measure(root / kind, url, photos)
                      for kind, url in (("folder", ""), ("bucket", address))}  # fmt: skip
    keep("store", [
        Figure("uploads into the data folder, SQLite, one process", speeds["folder"], "MB/s"),
        Figure("uploads into a bucket", speeds["bucket"], "MB/s", limit=speeds["folder"]),
    ])  # fmt: skip


def _measure(root: Path, store: str, photos: int) -> float:
    """MB/s of `photos` uploads by 8 clients, each held when its last byte is answered."""
    environ = _environ(root, store)
    phones = _phones(environ, root, store)
    with _serving(environ, root) as address, ThreadPoolExecutor(CLIENTS) as pool:
        pictures = [b"\xff\xd8\xff\xe0" + os.urandom(PHOTO_BYTES - 4) for _ in range(CLIENTS)]

        def send(client: int) -> None:
            wire = WirePhone(phones[client], address)
            for number in range(photos // CLIENTS):
                # Another last byte: another picture, without the time that random bytes take.
                data = pictures[client][:-2] + number.to_bytes(2)
                url = wire.begin(data, new_id())
                for start in range(0, PHOTO_BYTES, PIECE_BYTES):
                    piece = data[start : start + PIECE_BYTES]
                    while (status := wire.patch(url, start, piece)) == 503:
                        time.sleep(0.01)  # all lines are busy: a phone comes again, too
                    if status != 204:
                        raise RuntimeError(f"answered {status}")

        began = time.perf_counter()
        list(pool.map(send, range(CLIENTS)))
        took = time.perf_counter() - began
    return photos // CLIENTS * CLIENTS * PHOTO_BYTES / took / 1e6


def _environ(root: Path, store: str) -> dict[str, str]:
    root.mkdir()
    return {
        "LAKTHAN_ENV": "test", "SECRET_KEY": "a secret for the bench only, long enough",
        "LAKTHAN_SIGNING_KEY": "A" * 43, "LAKTHAN_VAR": str(root),
        "DATABASE_URL": f"sqlite:///{root / 'bench.db'}", "REDIS_URL": f"unix://{root}/no.sock",
        "LAKTHAN_STORE": store, "LAKTHAN_S3_KEY": KEY, "LAKTHAN_S3_SECRET": SECRET,
    }  # fmt: skip


def _phones(environ: dict[str, str], root: Path, store: str) -> list[TusPhone]:
    """An enrolled phone for each client."""
    from app.accounts.models import Account

    settings = Settings(
        env="test", secret_key=environ["SECRET_KEY"], signing_key="A" * 43, var_dir=root,
        database_url=environ["DATABASE_URL"], redis_url=environ["REDIS_URL"], store=store,
        s3_key=KEY, s3_secret=SECRET,
    )  # fmt: skip
    app = create_app(settings, send_job=lambda *_a, **_k: None)
    with app.app_context():
        db.create_all()
    with app.app_context(), work() as w:
        account = Account(
            username="bench", name="Bench", role="officer", area_code="5606",
            password_hash="-", created_at=now(), is_demo=True,  # noqa: S106 - opens nothing
        )  # fmt: skip
        w.session.add(account)
        w.session.flush()
        made = [enrolled(w.session, account.id, now(), install_id=new_id()) for _ in range(CLIENTS)]
        client = app.test_client()
        return [TusPhone(client, each.token, each.device.id, account.id) for each in made]


@contextmanager
def _serving(environ: dict[str, str], root: Path) -> Iterator[str]:
    log = root / "web.log"
    command = ["gunicorn", "--threads", "8", "--bind", "127.0.0.1:0", "app:create_app()"]
    with log.open("wb") as out:
        web = subprocess.Popen(
            [sys.executable, "-m", *command], env=os.environ | environ, stdout=out, stderr=out
        )
    try:
        yield _address(log, web)
    finally:
        web.terminate()
        web.wait()


def _address(log: Path, web: subprocess.Popen[bytes]) -> str:
    while web.poll() is None:
        for line in log.read_text().splitlines():
            if "Listening at: " in line:
                address = line.split("Listening at: ")[1].split(" ")[0]
                with urlopen(f"{address}/healthz"):  # noqa: S310 - our own
                    return address
        time.sleep(0.05)
    raise RuntimeError(log.read_text())


if __name__ == "__main__":
    main()
