"""Taking an issued packet away, whole or one document of it; the log keeps who did."""

from __future__ import annotations

from uuid import UUID

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue

from app.accounts.access import allow, current_actor
from app.accounts.ceilings import at_most
from app.packets import labels, queries, service
from app.packets.blueprint import ROLES, bp
from app.packets.directory import Document, NotAPacket, from_head, list_documents
from app.packets.download import Stretch, send, takes_away
from app.packets.heads import Head, read_head
from app.packets.models import Packet
from app.packets.vault import Vault
from app.shared.clock import now
from app.shared.db import db
from app.shared.errors import NotFound
from app.shared.work import work


@bp.get("/<uuid:packet_id>/download")
@allow(*ROLES)
@at_most("download")
def download(packet_id: UUID) -> ResponseReturnValue:
    """The issued file.  A broken download goes on where it stopped; the log keeps who asked."""
    packet, head = _issued(packet_id)
    return _send(packet, whole_of(packet, head))


@bp.get("/<uuid:packet_id>/documents/<path:name>")
@allow(*ROLES)
@at_most("download")
def document(packet_id: UUID, name: str) -> ResponseReturnValue:
    """One document of the issued packet alone, out of the middle of its file."""
    packet, head = _issued(packet_id)
    found = next((each for each in documents_of(packet) if each.name == name), None)
    if found is None:
        raise NotFound(kind="packet_document")
    plain = f"{head.list}-{name.removeprefix('attachments/').replace('/', '-')}"
    stretch = Stretch(
        packet.file_key or "", found.start, found.size_bytes, f"{_tag(packet)}-{found.start}",
        plain, labels.document_file_name(head.title, name),
    )  # fmt: skip
    return _send(packet, stretch, name)


def whole_of(packet: Packet, head: Head) -> Stretch:
    """The whole file of an issued packet."""
    return Stretch(
        packet.file_key or "", 0, packet.size_bytes or 0, _tag(packet),
        f"{head.list}.zip", f"{head.title}.zip", is_whole=True,
    )  # fmt: skip


def _issued(packet_id: UUID) -> tuple[Packet, Head]:
    packet = queries.packet_for(db.session(), current_actor(), packet_id)
    if packet.state != "ready":
        raise NotFound(kind="packet_file")
    return packet, read_head(packet)


def _send(packet: Packet, stretch: Stretch, document: str = "") -> Response:
    actor, answer = current_actor(), send(vault(), stretch, request)
    before = queries.has_taken(db.session(), packet, actor.account_id, document)
    if takes_away(answer, request, taken_before=before):
        with work() as w:
            service.note_download(w.session, packet, actor, now(), document)
    return answer


def documents_of(packet: Packet) -> list[Document]:
    """What can be taken alone; of a packet that was built before this was kept, from its file."""
    if "documents" in packet.head:
        return from_head(packet.head["documents"])
    try:
        with vault().open(packet.file_key or "") as file:
            return from_head(list_documents(file))
    except (OSError, NotAPacket) as error:
        current_app.logger.error("packet %s has no directory: %s", packet.id, error)
        return []


def _tag(packet: Packet) -> str:
    return packet.fingerprint or packet.sha256 or ""


def vault() -> Vault:
    """Where issued packets lie."""
    found: Vault = current_app.extensions["packet_vault"]
    return found
