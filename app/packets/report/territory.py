"""The districts of a packet, each with its centres: forms are made and signed by district."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from app.packets.frozen.content import CentreItem, Content


@dataclass(frozen=True, slots=True)
class District:
    """A district and its centres in the order of the packet."""

    code: str
    name: str
    centres: tuple[CentreItem, ...]

    @property
    def title(self) -> str:
        """อำเภอปง."""
        return f"อำเภอ{self.name}"


def districts(content: Content) -> list[District]:
    """Every district that the packet speaks of, by code; one without centres is there too."""
    names = {centre.district_code: centre.district_name for centre in content.centres}
    names |= {each.code: each.name for each in content.districts}
    centres: defaultdict[str, list[CentreItem]] = defaultdict(list)
    for centre in content.centres:
        centres[centre.district_code].append(centre)
    return [District(code, names[code], tuple(centres[code])) for code in sorted(names)]


def centres_by_code(content: Content) -> dict[str, CentreItem]:
    """The centres by their code."""
    return {centre.code: centre for centre in content.centres}
