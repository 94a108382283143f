"""A packet's head: what its pages show of the list, so that no page reads megabytes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from app.packets.frozen.content import Content, from_json
from app.packets.frozen.figures import totals
from app.packets.models import Packet
from app.packets.report.phrases import file_title


@dataclass(frozen=True, slots=True)
class Head:
    """Counts and names out of a list.  No visitor's name, number or remark is ever here."""

    list: str  # the identifier: lakthan-5601-2567Q2-e1
    title: str  # the Thai name of the file, without its extension
    by: str
    centres: int
    visits: int
    people: int
    followed: int
    used: int
    photos: int
    gaps_known: int  # photos that were not here, or not readable, when the list was made
    sealed: int  # districts whose quarter was sealed
    districts: int
    options: Mapping[str, Any] = field(default_factory=dict)
    previous: int | None = None  # the edition that the changes count from
    redacts: int | None = None
    changes: Mapping[str, int] = field(default_factory=dict)  # "new", "changed", "gone"


def head_of(content: Content) -> dict[str, Any]:
    """The head of a list, as `Packet.head` keeps it."""
    sums = totals(content)
    return asdict(
        Head(
            list=content.identifier,
            title=file_title(content),
            by=content.requested.by,
            centres=len(content.centres),
            visits=sums.visits,
            people=sums.people,
            followed=sums.followed,
            used=sums.used,
            photos=sums.photos,
            gaps_known=sum(photo.state != "processed" for photo in content.photos),
            sealed=len(content.seals),
            districts=len(content.districts),
            options=asdict(content.options),
            previous=content.previous.edition if content.previous else None,
            redacts=content.redacts,
            changes=dict(Counter(change.what for change in content.changes)),
        )
    )


def read_head(packet: Packet) -> Head:
    """The head of a packet; of one made before heads were kept, out of its list."""
    kept = packet.head if "list" in packet.head else head_of(from_json(packet.frozen))
    known = Head.__dataclass_fields__
    return Head(**{name: value for name, value in kept.items() if name in known})
