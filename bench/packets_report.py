"""One process that makes a report: parts, then the binding, as a packet's build does.

    python -m bench.packets_report STORE LIST CHECKED FOLDER WHAT

CHECKED: what `packets_packing` noted of the files.  WHAT: "none" only starts, "all" makes the
report, "text" makes it without a photo: the difference is what photos cost.  Prints the pages,
and the processor seconds of the binding, in which the photos' bytes are passed through.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.packets.frozen.content import Content, from_json
from app.packets.parts import CheckedFile, GapFound, PartMade, plan_parts
from app.packets.report import binding, part_pages
from app.packets.report.setting import FONT_FOLDER
from app.shared.folder_store import FolderStore


def main() -> None:
    """Do what the command line asks for."""
    store_folder, listed, checked, work, what = sys.argv[1:]
    if what == "none":
        return
    content = from_json(json.loads(Path(listed).read_bytes()))
    if what == "text":
        content = replace(content, photos=())
    made, pdfs = _parts(content, _checked(Path(checked)), Path(work))
    store, folder = FolderStore(Path(store_folder)), Path(work) / "bound"
    folder.mkdir()
    began = time.process_time()  # of this process alone: not what the typesetter takes
    with (Path(work) / "report.pdf").open("w+b") as target:
        pages = binding.write_report(
            content, made, pdfs, lambda file: store.path(file.key), target, folder, FONT_FOLDER
        )
    print(json.dumps({"pages": pages, "binding_s": time.process_time() - began}))


def _parts(
    content: Content, files: dict[str, list[CheckedFile]], folder: Path
) -> tuple[list[PartMade], list[Path]]:
    made, pdfs = [], []
    for part in plan_parts(content):
        shown = _photo_ids(content, part.slices)
        own = tuple(file for photo in shown for file in files[photo])
        found = PartMade(part.number, own, (), 0)
        pages = part_pages.write_part_pages(content, part, found, folder, FONT_FOLDER)
        kept = pages.replace(folder / f"part-{part.number}.pdf")
        made.append(replace(found, pages=binding.page_count(kept)))
        pdfs.append(kept)
    return made, pdfs


def _photo_ids(content: Content, slices: Any) -> list[str]:
    of_centre: dict[str, list[str]] = {}
    for photo in content.photos:
        of_centre.setdefault(photo.centre_code, []).append(photo.id)
    return [
        id_ for each in slices for id_ in of_centre.get(each.centre_code, [])[slice(*each.photos)]
    ]


def _checked(path: Path) -> dict[str, list[CheckedFile]]:
    files: dict[str, list[CheckedFile]] = {}
    for part in json.loads(path.read_text()):
        assert not [GapFound(**gap) for gap in part["gaps"]], "the store is not whole"
        for file in part["files"]:
            files.setdefault(file["of"], []).append(CheckedFile(**file))
    return files


if __name__ == "__main__":
    main()
