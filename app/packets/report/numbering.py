"""Numbers of photos and documents: given by the list, so that every part prints the same ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.packets.frozen.content import Content
from app.packets.report.printed import thai_int


def photo_numbers(content: Content) -> dict[str, int]:
    """The number of each received photo by its id; photos still on a phone have none."""
    received = (photo for photo in content.photos if photo.state != "awaited")
    return {photo.id: number for number, photo in enumerate(received, start=1)}


def document_numbers(content: Content) -> dict[str, int]:
    """The number of each document by its id."""
    return {each.id: number for number, each in enumerate(content.documents, start=1)}


def runs(numbers: Iterable[int]) -> str:
    """๑–๓, ๗, ๙–๑๒: numbers in order, neighbours drawn together."""
    spans: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    shown = (
        thai_int(first) if first == last else f"{thai_int(first)}–{thai_int(last)}"
        for first, last in spans
    )
    return ", ".join(shown)


def evidence_words(
    ids: Iterable[str], photos: Mapping[str, int], documents: Mapping[str, int]
) -> str:
    """ภาพที่ ๓–๕ เอกสารที่ ๒; what the packet does not hold is said too."""
    ids = list(ids)
    shown = []
    if found := [photos[each] for each in ids if each in photos]:
        shown.append(f"ภาพที่ {runs(found)}")
    if found := [documents[each] for each in ids if each in documents]:
        shown.append(f"เอกสารที่ {runs(found)}")
    if others := sum(each not in photos and each not in documents for each in ids):
        shown.append(f"อื่น ๆ {thai_int(others)} รายการ ไม่อยู่ในชุดหลักฐานนี้")
    return " ".join(shown)
