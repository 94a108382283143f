"""The same photos through the product: `python -m bench.photos_ours <pictures> <out> <most>`.

The one function that the worker runs for a photo, and files written as the other contestants do;
database and queue are measured in `photos_queue`.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

# geopy loads every HTTP client it finds.  The product installs none; the developers' tools do.
sys.modules.update(dict.fromkeys(("aiohttp", "requests")))

from app.photos.codes import new_code  # noqa: E402
from app.photos.pipeline import Renditions, render  # noqa: E402
from app.photos.stamp_words import StampWords  # noqa: E402
from app.shared.geo import Position  # noqa: E402

NOW = datetime(2024, 2, 13, 2, 40, tzinfo=UTC)
WORDS = StampWords(
    code=new_code(),
    centre_name="ศูนย์เรียนรู้โคก หนอง นา บ้านทดสอบ",
    place="ต.ท่าวังทอง อ.เมืองพะเยา จ.พะเยา",
    centre=Position(19.166, 99.9),
    radius_m=200,
    source="camera",
    signed=True,
    captured_at=NOW,
    received_at=NOW,
)


def main() -> None:
    """Make all outputs of all pictures, and write the facts beside them."""
    folder, out, most = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    out.mkdir(parents=True, exist_ok=True)
    digests = json.loads(os.environ["BENCH_DIGESTS"])
    told = [_one(path, out, digests[path.name]) for path in sorted(folder.iterdir())[:most]]
    (out / "facts.json").write_text(json.dumps(told))


def _one(path: Path, out: Path, expected: str) -> dict[str, object]:
    done = render(path.read_bytes(), expected_sha256=expected, words=WORDS)
    for name in ("view", "thumb", "stamped"):
        (out / f"{path.stem}-{name}.jpg").write_bytes(getattr(done, name))
    return {"digest": expected, **_told(done)}


def _told(done: Renditions) -> dict[str, object]:
    facts = done.facts
    return {
        "keys": done.keys,
        "placeholder": done.placeholder,
        "measures": done.measures.as_json() if done.measures else None,
        "taken": str(facts.taken_at),
        "lat": facts.exif_lat,
        "lon": facts.exif_lon,
        "orientation": facts.orientation,
    }


if __name__ == "__main__":
    main()
