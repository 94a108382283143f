"""The pages' CSS, JavaScript and fonts, and the compiled wording: built only when changed."""

import hashlib
import json
from pathlib import Path

from tools.setup.console import Steps, run_quietly
from tools.setup.node import get_node, install_modules
from tools.setup.places import DIST, PYTHON, ROOT

BUILD_SCRIPT = ROOT / "tools" / "build_assets.mjs"
TRANSLATIONS = ROOT / "app" / "translations"
_STAMP = DIST / ".built-from"


def build_assets(steps: Steps) -> None:
    """Build static/dist unless it was built from exactly these sources."""
    wanted = _digest_of_sources()
    if _complete() and _STAMP.exists() and _STAMP.read_text() == wanted:
        return
    node = get_node(steps)
    install_modules(node, steps, with_browser=False)
    run_quietly([node.node, BUILD_SCRIPT], steps=steps, failing="The assets could not be built")
    _STAMP.write_text(wanted)


def compile_wording(steps: Steps) -> None:
    """Compile every messages.po that is newer than its messages.mo."""
    for catalogue in TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"):
        compiled = catalogue.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= catalogue.stat().st_mtime:
            continue
        partial = compiled.with_suffix(".partial")
        run_quietly(
            [
                *(PYTHON, "-m", "babel.messages.frontend", "compile", "--locale"),
                *(catalogue.parents[1].name, "-i", catalogue, "-o", partial),
            ],
            steps=steps,
            failing="The translated wording could not be compiled",
        )
        partial.replace(compiled)


def _complete() -> bool:
    """Tell whether every file the manifest names is there."""
    manifest = DIST / "manifest.json"
    if not manifest.exists():
        return False
    return all((DIST / name).exists() for name in json.loads(manifest.read_text()).values())


def _digest_of_sources() -> str:
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources() -> list[Path]:
    sources = (path for path in (ROOT / "static" / "src").rglob("*") if path.is_file())
    return sorted([*sources, ROOT / "package-lock.json", BUILD_SCRIPT])
