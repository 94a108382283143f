"""Trouble: a failure that a person can do something about, told in one line."""

import errno
import re


class Trouble(Exception):
    """What went wrong and what to do, in plain words.  Never shown with a traceback."""

    def __init__(self, what: str, todo: str = "", thai: str = "") -> None:
        super().__init__(what)
        self.what, self.todo, self.thai = what, todo, thai

    def __str__(self) -> str:
        line = f"{self.what}. {self.todo}" if self.todo else self.what
        return f"{line}\n{self.thai}" if self.thai else line


DISK_FULL = Trouble(
    "The disk is full",
    "Free some space (about 1 GB), then run the same command again",
    "ดิสก์เต็ม: ลบไฟล์ที่ไม่ใช้ออกประมาณ 1 GB แล้วสั่งอีกครั้ง",
)
NO_NETWORK = Trouble(
    "The package servers cannot be reached",
    "The first set-up needs the internet: check the connection or proxy, then run it again",
    "ต่ออินเทอร์เน็ตไม่ได้: ครั้งแรกต้องใช้อินเทอร์เน็ต ตรวจสัญญาณแล้วสั่งอีกครั้ง",
)

# What pip, uv and npm say; each was provoked and read, none is documented.
_SIGNS = (
    (r"no space left on device|enospc|disk quota exceeded|os error 28", DISK_FULL),
    (
        r"name resolution|name or service not known|failed to resolve|dns error|enotfound"
        r"|eai_again|failed to establish a new connection|network is unreachable|econnrefused"
        r"|econnreset|etimedout|connection (refused|reset|timed out)|operation timed out"
        r"|error sending request|failed to fetch|read timed out|cannot connect to proxy",
        NO_NETWORK,
    ),
    (
        r"do not match the hashes|hash mismatch|eintegrity",
        Trouble(
            "A downloaded package is not the one the lock file names, so it was not installed",
            "Run it again; if it happens twice, something between you and the package server"
            " alters downloads",
        ),
    ),
)


def from_output(output: str, otherwise: str, log: str) -> Trouble:
    """Read a failed tool's `output`; name the cause if it is a known one."""
    for pattern, trouble in _SIGNS:
        if re.search(pattern, output, re.IGNORECASE):
            return trouble
    return Trouble(otherwise, f"The tool's own words are above and in {log}")


def from_os_error(error: OSError) -> Trouble:
    """Say in one line what the operating system refused."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DISK_FULL
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return not_writable(str(error.filename or "this folder"))
    return Trouble(f"The system refused: {error}")


def not_writable(place: str) -> Trouble:
    """Say that a place cannot be written to."""
    return Trouble(
        f"Cannot write to {place}",
        "Copy the project to a folder of your own and run it there",
        "โฟลเดอร์นี้เขียนไม่ได้: คัดลอกโครงการไปไว้ในโฟลเดอร์ของคุณเอง แล้วสั่งที่นั่น",
    )
