"""A small signed packet, and every way we know to spoil it - for all that check packets."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from app.packets.bag.signature import PacketKey
from app.packets.bag.writer import BagWriter

TOP = "lakthan-5601-2567Q2-e2"
PHOTO = "data/photos/5601/5601-001/2024-02-13_visit_001_9f2c1a77.jpg"
OTHER_PHOTO = "data/photos/5601/5601-001/2024-02-14_visit_002_0c44d1aa.jpg"
THAI = "data/documents/5601/คำสั่ง.pdf"
KEY = PacketKey("A" * 43)
OTHER_KEY = PacketKey("B" * 42 + "A")
FILES = {
    "data/report.pdf": b"%PDF-1.7 a report" * 40,
    PHOTO: b"\xff\xd8 a photo" * 30,
    OTHER_PHOTO: b"\xff\xd8 another picture" * 25,
    THAI: b"%PDF an order",
    "data/empty.csv": b"",
    "data/content.json": b"{}",
}
OLD_FILES = {name: FILES[name] for name in sorted(FILES) if name.isascii()}
INFO = {
    "Bag-Software-Agent": "Lakthan",
    "Bagging-Date": "2024-04-02",
    "External-Description": "ชุดหลักฐาน อำเภอปง ไตรมาส 2",
    "External-Identifier": TOP,
    "Lakthan-Edition": "2",
    "Lakthan-Format": "2",
    "Lakthan-Key-Id": KEY.key_id,
    "Lakthan-List-SHA256": "ab" * 32,
    "Lakthan-Personal-Data": "masked",
    "Lakthan-Previous-Edition": "1",
    "Lakthan-Scope": "district 5601",
    "Lakthan-Quarter": "2567Q2",
    "Lakthan-Signer": "สำนักงานพัฒนาชุมชนอำเภอปง",
    "Lakthan-Site": "https://lakthan.example.go.th",
    "Source-Organization": "สำนักงานพัฒนาชุมชนอำเภอปง",
}


def signed_packet(
    files: dict[str, bytes] | None = None,
    *,
    top: str = TOP,
    sign: Callable[[str], bytes] | None = KEY.sign,
    verifier: bytes = b"pass\n",
    **info: str,
) -> bytes:
    """A packet as it is issued.  `info` overrides bag-info by name, "_" for "-"."""
    target = io.BytesIO()
    told = {**INFO, **{name.replace("_", "-"): value for name, value in info.items()}}
    with BagWriter(target, top, told, sign) as bag:
        for name, data in (FILES if files is None else files).items():
            bag.add_bytes(name, data)
        bag.add_bytes("verify.py", verifier)
    return target.getvalue()


def unsigned_packet() -> bytes:
    """A packet as releases before signatures wrote it, with Python's own zipfile."""
    payload = b"".join(f"{_sha256(data)}  {name}\n".encode() for name, data in OLD_FILES.items())
    octets = sum(map(len, OLD_FILES.values()))
    told = {name: INFO[name] for name in INFO if not name.startswith("Lakthan-")}
    info = [*told.items(), ("Payload-Oxum", f"{octets}.{len(OLD_FILES)}")]
    tags = {
        "bag-info.txt": "".join(f"{key}: {value}\n" for key, value in info).encode(),
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "manifest-sha256.txt": payload,
        "verify.py": b"pass\n",
    }
    listed = b"".join(f"{_sha256(data)}  {name}\n".encode() for name, data in tags.items())
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, data in {**OLD_FILES, **tags, "tagmanifest-sha256.txt": listed}.items():
            header = zipfile.ZipInfo(f"{TOP}/{name}", (1980, 1, 1, 0, 0, 0))
            header.create_system, header.external_attr = 3, 0o100644 << 16
            archive.writestr(header, data)
    return target.getvalue()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Spoiled:
    """One spoiled packet, and what must be said of it."""

    name: str
    data: bytes
    altered: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    signature: str = "valid"


def spoiled_packets() -> list[Spoiled]:
    """The corpus.  Each entry differs from an issued packet by one thing."""
    good = signed_packet()
    return [*_flipped(good), *_rewritten(), *_around(good), *_signed_otherwise(good)]


def entries(data: bytes) -> list[tuple[str, bytes]]:
    """Names (below the top folder) and contents, in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(i.filename.removeprefix(f"{TOP}/"), archive.read(i)) for i in archive.infolist()]


def flip(data: bytes, at: int, bit: int = 0) -> bytes:
    """One bit turned."""
    changed = bytearray(data)
    changed[at] ^= 1 << bit
    return bytes(changed)


def _flipped(good: bytes) -> list[Spoiled]:
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        headers = {i.filename.removeprefix(f"{TOP}/"): i.header_offset for i in archive.infolist()}
        starts = {
            name: offset + 30 + len(f"{TOP}/{name}".encode()) for name, offset in headers.items()
        }
        directory = archive.start_dir
    header = (f"header {PHOTO}",)
    key_at = good.index(b'"key":"') + len(b'"key":"')
    return [
        Spoiled("bit in a photo", flip(good, starts[PHOTO] + 9), altered=(PHOTO,)),
        Spoiled(
            "bit in the report", flip(good, starts["data/report.pdf"]), altered=("data/report.pdf",)
        ),
        Spoiled(
            "bit in the manifest",
            flip(good, starts["manifest-sha256.txt"]),
            altered=("data/report.pdf", "manifest-sha256.txt"),
        ),
        Spoiled(
            "bit in bag-info",
            flip(good, good.index(b"Lakthan-Site") + 15),
            altered=("bag-info.txt",),
        ),
        Spoiled(
            "bit in the tag manifest",
            flip(good, starts["tagmanifest-sha256.txt"]),
            altered=("tagmanifest-sha256.txt", "verify.py"),
            signature="invalid",
        ),
        Spoiled(
            "bit in the signature",
            flip(good, good.index(b'"signature":"') + 20),
            altered=("signature.json",),
            signature="invalid",
        ),
        Spoiled(
            "bit in the key", flip(good, key_at), altered=("signature.json",), signature="invalid"
        ),
        Spoiled("bit in a header's date", flip(good, headers[PHOTO] + 12), damaged=header),
        Spoiled("bit in a header's checksum", flip(good, headers[PHOTO] + 14), damaged=header),
        Spoiled("bit in a header's size", flip(good, headers[PHOTO] + 18), damaged=header),
        Spoiled("bit in a header's name", flip(good, headers[PHOTO] + 60), damaged=header),
        Spoiled(
            "bit in a header's length of the name", flip(good, headers[PHOTO] + 26), damaged=header
        ),
        Spoiled("bit in the header's mark", flip(good, headers[PHOTO]), damaged=header),
        Spoiled("bit in the directory's mode", flip(good, directory + 40), damaged=("directory",)),
        Spoiled("bit in the directory's mark", flip(good, directory), damaged=("directory",)),
        Spoiled("bit in the count at the end", flip(good, len(good) - 12), damaged=("directory",)),
        Spoiled("bit in the size at the end", flip(good, len(good) - 10), damaged=("directory",)),
        Spoiled("bit in the offset at the end", flip(good, len(good) - 6), damaged=("directory",)),
    ]


def _rewritten() -> list[Spoiled]:
    """Other archives, written as canonically as ours."""
    rows = entries(signed_packet())
    names = [name for name, _data in rows]
    without = [row for row in rows if row[0] != PHOTO]
    renamed = [(OTHER_PHOTO + ".jpg" if n == OTHER_PHOTO else n, d) for n, d in rows]
    at, to = names.index(PHOTO), names.index(OTHER_PHOTO)
    swapped = list(rows)
    swapped[at], swapped[to] = swapped[to], swapped[at]
    planted = [*rows[:2], ("data/planted.jpg", b"x"), *rows[2:]]
    sound = len(b"".join(d for n, d in rows if n.startswith("data/")))
    short = sound - len(FILES[PHOTO])
    oxum = f"oxum {sound}.{len(FILES)} {short}.{len(FILES) - 1}"
    return [
        Spoiled("a photo missing", pack(without), missing=(PHOTO,), damaged=(oxum,)),
        Spoiled(
            "a photo renamed",
            pack(renamed),
            missing=(OTHER_PHOTO,),
            added=(OTHER_PHOTO + ".jpg",),
            damaged=(
                f"oxum {sound}.{len(FILES)} {sound - len(FILES[OTHER_PHOTO])}.{len(FILES) - 1}",
            ),
        ),
        Spoiled("a file added", pack(planted), added=("data/planted.jpg",)),
        Spoiled(
            "a file of the system's added",
            pack([*rows, ("data/Thumbs.db", b"x")]),
            added=("data/Thumbs.db",),
        ),
        Spoiled("a name twice", pack([*rows, (PHOTO, FILES[PHOTO])]), damaged=(f"name {PHOTO}",)),
        Spoiled(
            "a name that climbs out",
            pack([*rows, ("../../evil", b"x")]),
            added=("../../evil",),
            damaged=("name ../../evil",),
        ),
        Spoiled(
            "a name beside the folder",
            pack([*rows], [("beside", b"x")]),
            added=("../beside",),
            damaged=("name ../beside",),
        ),
        Spoiled(
            "a name with a backslash",
            pack([*rows, ("data\\x", b"x")]),
            added=("data\\x",),
            damaged=("name data\\x",),
        ),
        Spoiled(
            "two photos in each other's place", pack(swapped), damaged=(f"order {OTHER_PHOTO}",)
        ),
        Spoiled("no signature", pack(rows[:-1]), missing=("signature.json",), signature="missing"),
        Spoiled(
            "another top folder",
            pack(rows, top="lakthan-5602-2567Q2-e2"),
            damaged=("folder lakthan-5602-2567Q2-e2",),
        ),
        Spoiled(
            "no bag-info",
            pack([r for r in rows if r[0] != "bag-info.txt"]),
            missing=("bag-info.txt",),
        ),
    ]


def _around(good: bytes) -> list[Spoiled]:
    end = len(good) - 22
    again = io.BytesIO()
    with zipfile.ZipFile(again, "w", zipfile.ZIP_STORED) as archive:
        for name, data in entries(good):
            archive.writestr(zipfile.ZipInfo(f"{TOP}/{name}", (2024, 4, 2, 8, 0, 0)), data)
    headers = tuple(f"header {name}" for name, _data in entries(good))
    return [
        Spoiled("bytes after the end", good + b"garbage", damaged=("suffix",)),
        Spoiled("bytes before the start", b"garbage" + good, damaged=("prefix",)),
        Spoiled("another end after the end", good + b"PK\5\6" + bytes(18), damaged=("suffix",)),
        Spoiled("a note at the end", good[:-2] + b"\4\0note", damaged=("directory",)),
        Spoiled("the end cut off", good[:end], damaged=("cut",)),
        Spoiled("packed again", again.getvalue(), damaged=(*headers, "directory")),
    ]


def _signed_otherwise(good: bytes) -> list[Spoiled]:
    rows = entries(good)
    name, signed = rows[-1]
    other = KEY.sign(hashlib.sha256(b"another packet").hexdigest())
    spaced = signed.replace(b",", b", ")
    # S + L: the same signature to a careless reader
    head, _mark, tail = signed.partition(b'"signature":"')
    raw = _unspelled(tail[:86])
    order = 2**252 + 27742317777372353535851937790883648493
    s = int.from_bytes(raw[32:], "little") + order
    twin = head + b'"signature":"' + _spelled(raw[:32] + s.to_bytes(32, "little")) + b'"}\n'
    small = _spelled(b"\1" + bytes(31))
    small_id = hashlib.sha256(b"\1" + bytes(31)).hexdigest()[:16].encode()
    fingerprint = hashlib.sha256(dict(rows)["tagmanifest-sha256.txt"]).hexdigest().encode()
    anybody = (
        b'{"algorithm":"Ed25519","fingerprint":"' + fingerprint + b'","key":"' + small
        + b'","key_id":"' + small_id + b'","signature":"' + _spelled(b"\1" + bytes(63)) + b'"}\n'
    )  # fmt: skip

    def with_(data: bytes) -> bytes:
        return pack([*rows[:-1], (name, data)])

    bad = {"altered": ("signature.json",), "signature": "invalid"}
    return [
        Spoiled(
            "the signature of other bytes",
            with_(other),
            altered=("tagmanifest-sha256.txt",),
            signature="invalid",
        ),
        Spoiled("a signature in another spelling", with_(spaced), **bad),
        Spoiled("a signature with a number beyond its range", with_(twin), **bad),
        Spoiled("a key that fits any signature", with_(anybody), **bad),
        Spoiled("an empty signature", with_(b""), **bad),
        Spoiled("a signature without its last line end", with_(signed[:-1]), **bad),
    ]


def pack(
    rows: list[tuple[str, bytes]], beside: list[tuple[str, bytes]] | None = None, top: str = TOP
) -> bytes:
    """Any names and bytes in the canonical container."""
    from app.packets.bag.container import Container

    target = io.BytesIO()
    container = Container(target)
    for name, data in [*((f"{top}/{n}", d) for n, d in rows), *(beside or [])]:
        with container.writing(name) as slot:
            slot.write(data)
    container.finish()
    return target.getvalue()


@cache
def wide_packet() -> bytes:
    """A packet whose directory needs ZIP64: more files than a ZIP of old can count."""
    rows = {f"data/f/{n:05}": b"" for n in range(0x10000)}
    return signed_packet(rows)


def _spelled(data: bytes) -> bytes:
    from app.shared.base64url import to_base64url

    return to_base64url(data).encode()


def _unspelled(text: bytes) -> bytes:
    from app.shared.base64url import from_base64url

    return from_base64url(text.decode()) or b""


def bomb() -> bytes:
    """A thousand entries that all lie over the same megabyte."""
    size, name = 1_000_000, b"top/bagit.txt"
    header = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 0x21, 0, size, size, len(name), 0)
    line = struct.pack(
        "<4s4B4H3L5H2L", b"PK\1\2", 20, 3, 20, 0, 0, 0, 0, 0x21, 0, size, size, len(name),
        0, 0, 0, 0, 0o100644 << 16, 0,
    ) + name  # fmt: skip
    start = header + name + bytes(size)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1000, 1000, len(line) * 1000, len(start), 0)
    return start + line * 1000 + end
