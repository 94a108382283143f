"""One process that packs: checks every file of a list and writes the bag, without the report.

    python -m bench.packets_packing STORE LIST TARGET WHAT

WHAT: "none" only starts; "files" checks and packs the files; "all" adds what is made of the list:
tables, places, the page to look at it all, the crate; "start" imports what "all" does; "check" only
notes what was found of the files, in TARGET.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from app.packets.bag.crate import CRATE_FILE, crate
from app.packets.bag.signature import PacketKey
from app.packets.bag.writer import BagWriter
from app.packets.checking import check_files
from app.packets.frozen.content import Content, canonical, from_json, to_json
from app.packets.parts import PartMade, plan_parts
from app.shared.folder_store import FolderStore

SEED = "A" * 43


def main() -> None:
    """Do what the command line asks for, and say how much it came to."""
    store_folder, listed, target, what = sys.argv[1:]
    if what == "none":
        return
    if what == "start":
        _imports()
        return
    content = from_json(json.loads(Path(listed).read_bytes()))
    store = FolderStore(Path(store_folder))
    made = [
        PartMade(part.number, *check_files(content, part, store), 0) for part in plan_parts(content)
    ]
    if what == "check":
        Path(target).write_text(json.dumps([asdict(part) for part in made]))
        return
    with Path(target).open("w+b") as file:
        bag = BagWriter(file, content.identifier, {}, PacketKey(SEED).sign)
        with bag:
            if what == "all":
                _of_the_list(content, made, bag, Path(target).parent)
            _files(made, store, bag)
            if what == "all":
                _of_the_files(content, made, bag)
    gaps = sum(len(part.gaps) for part in made)
    print(json.dumps({"files": bag.files, "octets": bag.octets, "gaps": gaps}))


def _imports() -> None:
    from app.packets.index_page import files
    from app.packets.tables import files as tables
    from app.packets.tables import places

    assert files and tables and places


def _of_the_list(content: Content, made: list[PartMade], bag: BagWriter, folder: Path) -> None:
    from app.packets.tables.files import write_tables
    from app.packets.tables.places import geojson_chunks, kml_chunks

    for path in write_tables(content, made, folder):
        bag.add_file(f"data/{path.name}", path)
        path.unlink()
    for name, chunks in (("geojson", geojson_chunks), ("kml", kml_chunks)):
        with bag.writing(f"data/places.{name}") as slot:
            slot.writelines(chunks(content, made))
    bag.add_bytes("data/content.json", canonical(to_json(content)))


def _files(made: list[PartMade], store: FolderStore, bag: BagWriter) -> None:
    for part in made:
        for file in part.files:
            bag.add_file(f"data/{file.name}", store.path(file.key), file)


def _of_the_files(content: Content, made: list[PartMade], bag: BagWriter) -> None:
    from app.packets.index_page.files import index_chunks

    names = [each.name.removeprefix("data/") for each in bag.payload()]
    for name, chunks in index_chunks(content, made, names):
        with bag.writing(f"data/{name}") as slot:
            slot.writelines(chunks)
    shows = {file.name: file.of for part in made for file in part.files}
    listed = list(bag.payload())
    with bag.writing(f"data/{CRATE_FILE}") as slot:
        slot.writelines(crate(content, listed, shows))


if __name__ == "__main__":
    main()
