"""Where packets and their parts lie in the file store.

packets/<id>/parts/3.json, 3.pdf     what a part came to, until the packet is issued
packets/<id>/parts/work-3-1/         where the first claim of part 3 works
packets/<id>/work-2/, 2.zip          where the second claim of the packet works; what it made
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from app.packets.checking import Sources
from app.packets.fetched import Fetched
from app.packets.frozen.content import canonical
from app.packets.parts import PartMade, made_from_json, made_to_json
from app.shared.files import FileStore
from app.shared.folder_store import FolderStore


def packet_key(packet_id: UUID, attempt: int) -> str:
    """The key of what one claim writes; another can never replace it."""
    return f"packets/{packet_id}/{attempt}.zip"


def aside_key(file_key: str) -> str:
    """Where a file that was found broken is kept for a look."""
    return f"{file_key}.not-whole"


def pages_key(packet_id: UUID, number: int) -> str:
    """The key of a part's pages."""
    return f"packets/{packet_id}/parts/{number}.pdf"


def keep_part(
    files: FileStore, packet_id: UUID, made: PartMade, pages: Path, form: Callable[[str], Path]
) -> None:
    """Store what a part came to, durably: its pages and forms first, then what says it is done.

    `form` says where one of `made.forms` lies.  Harmless twice: the same list and the same photos
    give the same bytes.
    """
    files.put_file(pages, pages_key(packet_id, made.number))
    for name in made.forms:
        files.put_file(form(name), form_key(packet_id, name))
    files.put_bytes(_made_key(packet_id, made.number), canonical(made_to_json(made)))


def form_key(packet_id: UUID, name: str) -> str:
    """The key of a form that a part set; `name` below data/."""
    return f"packets/{packet_id}/parts/{name}"


def read_part(files: FileStore, packet_id: UUID, number: int) -> PartMade:
    """What a part came to.

    Raises:
        OSError, ValueError, KeyError, TypeError: it is missing, or is no longer ours to read.
    """
    made = made_from_json(json.loads(files.read(_made_key(packet_id, number))))
    beside = [pages_key(packet_id, number), *(form_key(packet_id, name) for name in made.forms)]
    for key in beside:
        if not files.exists(key):
            raise FileNotFoundError(key)
    return made


def part_pages(sources: Sources, packet_id: UUID, numbers: Sequence[int]) -> list[Path]:
    """Where the pages of the parts lie on this machine."""
    return [sources.path(pages_key(packet_id, number)) for number in numbers]


def _made_key(packet_id: UUID, number: int) -> str:
    return f"packets/{packet_id}/parts/{number}.json"


@contextmanager
def part_folder(files: FileStore, packet_id: UUID, number: int, attempt: int) -> Iterator[Path]:
    """A folder for one claim of a part, gone afterwards; so are those of killed workers."""
    parts = files.workplace(f"packets/{packet_id}/parts")
    with _folder(parts, f"work-{number}", attempt) as folder:
        yield folder


@contextmanager
def binding_folder(files: FileStore, packet_id: UUID, attempt: int) -> Iterator[Path]:
    """A folder for one claim of the packet, gone afterwards.

    Call only while holding the packet's claim: what earlier claims left is removed.
    """
    packet = files.workplace(f"packets/{packet_id}")
    clear_leftovers(files, packet_id)
    with _folder(packet, "work", attempt) as folder:
        yield folder


@contextmanager
def _folder(parent: Path, name: str, attempt: int) -> Iterator[Path]:
    for left in parent.glob(f"{name}-*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = parent / f"{name}-{attempt}"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear_leftovers(files: FileStore, packet_id: UUID) -> None:
    """Remove what earlier claims of an unfinished packet left: halves, and files nobody issued.

    Parts stay.  Call only while holding the packet's claim: then nothing of it is issued.
    """
    files.delete_beside(f"packets/{packet_id}")


def clear_parts(files: FileStore, packet_id: UUID) -> None:
    """Remove a packet's parts: it is issued, or not wanted any more."""
    files.delete_below(f"packets/{packet_id}/parts")


def sources_in(files: FileStore, folder: Path) -> Sources:
    """The store's files for a packet that is made in `folder`: a bucket's are fetched into it."""
    return files if isinstance(files, FolderStore) else Fetched(files, folder / "fetched")
