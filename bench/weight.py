"""What logging a visit without a network weighs: python -m bench.weight

Prints each piece as gzip and, where the server sends it so, as brotli.  The bar: 120 kB in all.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app import create_app
from app.areas.service import load_areas
from app.shared.db import db
from bench.figures import Figure, keep
from config import ROOT, Settings

LIMIT_KB = 120
DIST = ROOT / "static" / "dist"


@dataclass(frozen=True, slots=True)
class Piece:
    """One file a phone fetches: its name, and its size in bytes as sent."""

    name: str
    gzip_bytes: int
    best_bytes: int  # brotli where there is one


def pieces(language: str = "th") -> list[Piece]:
    """All that has to be on the phone before a visit can be written down without a network."""
    built = json.loads((DIST / "shell.json").read_text("utf-8"))
    static = [DIST / name for name in built["needed"]]
    static += [ROOT / "static" / "src" / "img" / "mark.svg"]
    return [*map(_file, static), *_pages(language)]


def _file(path: Path) -> Piece:
    content = path.read_bytes()
    if path.suffix == ".woff2":  # is compressed already
        return Piece(path.name, len(content), len(content))
    small = len(gzip.compress(content, 9))
    brotli = path.with_name(f"{path.name}.br")
    return Piece(path.name, small, brotli.stat().st_size if brotli.exists() else small)


def _pages(language: str) -> list[Piece]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            env="test",
            secret_key="a secret for measuring only, long enough",  # noqa: S106
            signing_key="A" * 43,
            database_url=f"sqlite:///{folder}/weight.db",
            redis_url=f"unix://{folder}/none",
            var_dir=Path(folder) / "var",
        )
        app = create_app(settings, send_job=lambda *_, **__: None)
        with app.app_context():
            db.create_all()
            load_areas(db.session())
            db.session.commit()
        client = app.test_client()
        found = {path: client.get(path).data for path in (f"/phone?lang={language}", "/sw.js")}
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    sizes = {path: len(gzip.compress(content, 9)) for path, content in found.items()}
    return [Piece(path, size, size) for path, size in sizes.items()]


def main() -> None:
    """Print the table, and fail above the limit."""
    found = sorted(pieces(), key=lambda piece: -piece.gzip_bytes)
    for piece in found:
        print(f"{piece.gzip_bytes:>8} {piece.best_bytes:>8}  {piece.name}")
    total = sum(piece.gzip_bytes for piece in found)
    best = sum(piece.best_bytes for piece in found)
    print(f"{total:>8} {best:>8}  in all: {total / 1000:.1f} kB gzip, {best / 1000:.1f} kB as sent")
    keep(
        "weight", [Figure("what a phone fetches first, gzip", total / 1000, "kB", "low", LIMIT_KB)]
    )
    if total > LIMIT_KB * 1000:
        raise SystemExit(f"more than {LIMIT_KB} kB")


if __name__ == "__main__":
    main()
