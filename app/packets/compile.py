"""From the frozen list to the file: parts, report, tables, bag - and the same bytes each time.

Knows no database and no clock.  Parts are made one by one, anywhere and in any order; then the
packet is written from what they found.  Memory does not grow with the photos: they are copied
by the kernel, and the report takes them through unopened.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Protocol

from app.packets.bag import verify
from app.packets.bag.crate import CRATE_FILE, crate
from app.packets.bag.writer import BagWriter, PhotoChanged
from app.packets.checking import Sources, Tick, check_files
from app.packets.frozen.content import Content, canonical, to_json
from app.packets.index_page.files import index_chunks
from app.packets.parts import CheckedFile, GapFound, Part, PartMade, plan_parts
from app.packets.report import binding, part_pages, phrases
from app.packets.report.attachments import attachments
from app.packets.report.docx import write_docx
from app.packets.report.setting import FONT_FOLDER, set_document
from app.packets.tables.files import write_tables
from app.packets.tables.places import geojson_chunks, kml_chunks
from app.shared.clock import bangkok_day

STEPS = ("report", "tables", "archive")
FORMAT = "2"  # of the bag: how it is signed and laid out
Progress = Callable[[str, int, int], None]


class Seal(Protocol):
    """Who signs: `bag.signature.PacketKey`."""

    @property
    def key_id(self) -> str:
        """The key's short name."""

    def sign(self, fingerprint: str, /) -> bytes:
        """The bytes of signature.json."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a finished packet holds: files in its payload, and what is missing from it."""

    files: int
    gaps: tuple[GapFound, ...]
    fingerprint: str
    pages: int


def silent(step: str, done: int, total: int) -> None:
    """Tell nobody."""


def make_part(
    content: Content,
    part: Part,
    sources: Sources,
    folder: Path,
    fonts: Path = FONT_FOLDER,
    tick: Tick = lambda: None,
) -> PartMade:
    """Check the files of `part`, set its pages and its districts' forms.

    They lie at `pages_of(part.number, folder)` and `form_in(folder, name)` then.  Same list and
    same photo files: same bytes.  `tick()` is called after each file.

    Raises:
        OSError: `folder` cannot be written.  A file that cannot be read is a gap.
        TypesettingFailed: the template or the fonts are broken, or memory ran out.
    """
    files, gaps = check_files(content, part, sources, tick)
    made = PartMade(part.number, files, gaps, 0)
    made = replace(made, forms=_set_forms(content, part, made, folder, fonts, tick))
    pages = part_pages.write_part_pages(content, part, made, folder, fonts)
    tick()
    count = binding.page_count(pages)
    pages.replace(pages_of(part.number, folder))
    return replace(made, pages=count)


def pages_of(number: int, folder: Path) -> Path:
    """Where `make_part` leaves a part's pages."""
    return folder / f"{number}.pdf"


def form_in(folder: Path, name: str) -> Path:
    """Where `make_part` leaves the form `name`, of `PartMade.forms`."""
    return folder / name.replace("/", "-")


def _set_forms(
    content: Content, part: Part, made: PartMade, folder: Path, fonts: Path, tick: Tick
) -> tuple[str, ...]:
    """Each form of the part's districts alone, as PDF and to be edited; returns their names."""
    names, at = [], content.requested.at
    for each in attachments(content, [made], part.districts):
        pdf, docx = f"{each.name}.pdf", f"{each.name}.docx"
        set_document(
            each.document, folder, form_in(folder, pdf).name,
            pictures={}, fonts=fonts, timestamp=int(at.timestamp()),
        )  # fmt: skip
        write_docx(each.document, form_in(folder, docx), created=at)
        names += [pdf, docx]
        tick()
    return tuple(names)


def write_packet(
    content: Content,
    made: Sequence[PartMade],
    part_pdfs: Sequence[Path],
    sources: Sources,
    target: IO[bytes],
    *,
    seal: Seal,
    forms: Callable[[PartMade, str], Path],
    fonts: Path = FONT_FOLDER,
    progress: Progress = silent,
    folder: Path | None = None,
) -> Compiled:
    """Write the packet of `content` into `target` (empty, seekable, readable and writable).

    `made` and `part_pdfs`: of every part of the plan, in its order; `forms` says where a form that
    a part set lies.  Works in `folder`, or in a temporary one.  Same list and same photo files:
    same bytes.

    Raises:
        PhotoChanged: a file is no longer what its part found; its name is the argument.
        OSError: a file cannot be read or written.
        TypesettingFailed: the template or the fonts are broken.
    """
    with _own(folder) as own:
        bag = BagWriter(target, content.identifier, _bag_info(content, seal), seal.sign)
        with bag:
            writing = _Writing(content, made, sources, bag, fonts, own, progress)
            pages = writing.report(part_pdfs)
            for name, path in _forms(made, forms):
                bag.add_file(f"data/{name}", path)
            writing.tables()
            writing.photos()
            writing.closing()
        progress("archive", 1, 1)
    gaps = tuple(gap for part in made for gap in part.gaps)
    return Compiled(bag.files, gaps, bag.fingerprint, pages)


def build_here(
    content: Content,
    sources: Sources,
    target: IO[bytes],
    *,
    seal: Seal,
    fonts: Path = FONT_FOLDER,
    progress: Progress = silent,
) -> Compiled:
    """Make every part and write the packet, all in this process: the same bytes as by workers.

    `progress` also tells the step "parts".  Raises as `make_part` and `write_packet`.
    """
    plan = plan_parts(content)
    with tempfile.TemporaryDirectory(prefix="packet-") as name:
        made = []
        for part in plan:
            progress("parts", part.number, len(plan))
            folder = _of_part(Path(name), part.number)
            folder.mkdir()
            made.append(make_part(content, part, sources, folder, fonts))
        own = Path(name) / "binding"
        own.mkdir()
        return write_packet(
            content, made,
            [pages_of(part.number, _of_part(Path(name), part.number)) for part in plan],
            sources, target, seal=seal,
            forms=lambda part, form: form_in(_of_part(Path(name), part.number), form),
            fonts=fonts, progress=progress, folder=own,
        )  # fmt: skip


def _of_part(folder: Path, number: int) -> Path:
    return folder / f"part-{number}"


@dataclass(slots=True)
class _Writing:
    """One packet being written."""

    content: Content
    made: Sequence[PartMade]
    sources: Sources
    bag: BagWriter
    fonts: Path
    folder: Path
    progress: Progress

    def report(self, part_pdfs: Sequence[Path]) -> int:
        """The report, with the photos' own bytes.  Returns its pages."""
        shown = sum(file.kind == "view" for file in self._files())
        seen = 0

        def path_of(file: CheckedFile) -> Path:
            nonlocal seen
            seen += 1
            self.progress("report", min(seen, shown), shown + 1)
            return self.sources.path(file.key)

        work = self._folder("report")
        self.progress("report", 0, shown + 1)
        with self.bag.writing("data/report.pdf") as slot:
            return binding.write_report(
                self.content, self.made, part_pdfs, path_of, slot, work, self.fonts
            )

    def tables(self) -> None:
        """Tables, places and the list itself."""
        self.progress("tables", 0, 1)
        for path in write_tables(self.content, self.made, self._folder("tables")):
            self.bag.add_file(f"data/{path.name}", path)
        for name, chunks in (
            ("data/places.geojson", geojson_chunks(self.content, self.made)),
            ("data/places.kml", kml_chunks(self.content, self.made)),
        ):
            with self.bag.writing(name) as slot:
                slot.writelines(chunks)
        self.bag.add_bytes("data/content.json", canonical(to_json(self.content)))
        self.progress("tables", 1, 1)

    def photos(self) -> None:
        """Every file of the store, as its part found it."""
        total = sum(len(part.files) for part in self.made)
        for number, file in enumerate(self._files()):
            self.progress("archive", number, total + 1)
            try:
                self.bag.add_file(f"data/{file.name}", self.sources.path(file.key), file)
            except FileNotFoundError as error:
                raise PhotoChanged(f"data/{file.name}") from error

    def closing(self) -> None:
        """The page to look at it all, the crate, and the verifier: they know every other file."""
        names = [each.name.removeprefix("data/") for each in self.bag.payload()]
        for name, chunks in index_chunks(self.content, self.made, names):
            with self.bag.writing(f"data/{name}") as slot:
                slot.writelines(chunks)
        shows = {file.name: file.of for file in self._files()}
        listed = list(self.bag.payload())
        with self.bag.writing(f"data/{CRATE_FILE}") as slot:
            slot.writelines(crate(self.content, listed, shows))
        self.bag.add_file("verify.py", Path(verify.__file__))

    def _files(self) -> Iterator[CheckedFile]:
        for part in self.made:
            yield from part.files

    def _folder(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir()
        return folder


def _forms(
    made: Sequence[PartMade], forms: Callable[[PartMade, str], Path]
) -> list[tuple[str, Path]]:
    return sorted((name, forms(part, name)) for part in made for name in part.forms)


@contextmanager
def _own(folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="packet-") as name:
        yield Path(name)


def _bag_info(content: Content, seal: Seal) -> dict[str, str]:
    previous = content.previous
    return {
        "Bag-Software-Agent": "Lakthan",
        "Bagging-Date": bangkok_day(content.requested.at).isoformat(),
        "External-Description": phrases.title(content),
        "External-Identifier": content.identifier,
        "Lakthan-Edition": str(content.edition),
        "Lakthan-Format": FORMAT,
        "Lakthan-Key-Id": seal.key_id,
        "Lakthan-List-SHA256": content.list_sha256,
        "Lakthan-Personal-Data": "unmasked" if content.options.unmasked else "masked",
        "Lakthan-Previous-Edition": str(previous.edition) if previous else "none",
        "Lakthan-Scope": f"{content.scope.kind}:{content.scope.code}",
        "Lakthan-Quarter": content.quarter,
        "Lakthan-Signer": phrases.office_name(content.scope),
        "Lakthan-Site": content.site or "none",
        "Source-Organization": phrases.office_name(content.scope),
    }
