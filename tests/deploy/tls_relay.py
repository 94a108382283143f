"""A door of TLS before a plain server: certificates of a local authority, one thread a line."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


@dataclass
class TlsRelay:
    """Where it listens, whom its certificate is signed by, and how many bytes came over it."""

    port: int
    authority: Path
    carried: int = 0
    lines: list[socket.socket] = field(default_factory=list)


@contextmanager
def relay_with_tls(target_port: int, folder: Path) -> Iterator[TlsRelay]:
    """Take lines with TLS and pass them on to `target_port` of this machine."""
    certificate, key = make_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as door:
        relay = TlsRelay(door.getsockname()[1], certificate)
        threading.Thread(target=_serve, args=(door, context, target_port, relay)).start()
        yield relay
        door.shutdown(socket.SHUT_RDWR)
        for line in relay.lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


def _serve(door: socket.socket, context: ssl.SSLContext, target_port: int, relay: TlsRelay) -> None:
    while True:
        try:
            plain, _ = door.accept()
        except OSError:
            return
        try:
            line = context.wrap_socket(plain, server_side=True)
        except (OSError, ssl.SSLError):  # somebody who does not believe us
            plain.close()
            continue
        inner = socket.create_connection(("127.0.0.1", target_port))
        relay.lines += [line, inner]
        for ends in ((line, inner), (inner, line)):
            threading.Thread(target=_carry, args=(*ends, relay)).start()


def _carry(source: socket.socket, target: socket.socket, relay: TlsRelay) -> None:
    with suppress(OSError, ValueError):
        while data := source.recv(65536):
            relay.carried += len(data)
            target.sendall(data)
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that is its own authority; PEM files of it and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName(
        [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, key_file = folder / "ca.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    form = Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    key_file.write_bytes(key.private_bytes(*form))
    return certificate, key_file
