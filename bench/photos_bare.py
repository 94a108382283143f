"""What a worker does to photos, without worker: `python -m bench.photos_bare <var folder>`.

Reads one line from standard input, the digests of originals; makes and stores their renditions as
`app.photos.jobs` does, with neither fence nor queue nor database; then prints how long it took.
"""

from __future__ import annotations

import json
import sys
import time
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import Image

from app.photos.pipeline import render
from app.photos.store import ORIGINALS, RENDITIONS
from app.shared.files import content_key
from app.shared.folder_store import FolderStore
from bench.photos_ours import WORDS


def main() -> None:
    """Warm up, say so, wait for the word, work."""
    files = FolderStore(Path(sys.argv[1]) / "files")
    warm = BytesIO()
    Image.new("RGB", (1640, 1230)).save(warm, "JPEG")
    render(warm.getvalue(), expected_sha256=sha256(warm.getvalue()).hexdigest(), words=WORDS)
    print("ready", flush=True)
    digests = json.loads(sys.stdin.readline())
    began_s, began_cpu_s = time.monotonic(), time.process_time()
    for digest in digests:
        data = files.read(content_key(ORIGINALS, digest))
        done = render(data, expected_sha256=digest, words=WORDS)
        for picture in (done.view, done.thumb, done.stamped):
            assert picture is not None
            files.put_bytes(content_key(RENDITIONS, sha256(picture).hexdigest()), picture)
    told = {"cpu_s": time.process_time() - began_cpu_s, "wall_s": time.monotonic() - began_s}
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
