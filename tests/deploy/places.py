"""What the tests of deploy/ read, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tools.setup.places import ROOT

DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
KUBERNETES = DEPLOY / "kubernetes"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")


def compose() -> dict[str, Any]:
    """The compose file, merged."""
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return found


def manifests() -> Iterator[dict[str, Any]]:
    """Every Kubernetes document, kustomizations left out."""
    for path in sorted(KUBERNETES.rglob("*.yaml")):
        if path.name != "kustomization.yaml":
            yield from (each for each in yaml.safe_load_all(path.read_text("utf-8")) if each)


def pods() -> dict[str, dict[str, Any]]:
    """Pod specs by the name of what starts them."""
    found = {}
    for each in manifests():
        spec = each.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "template" in spec:
            found[each["metadata"]["name"]] = spec["template"]["spec"]
    return found


def copied_by_the_image() -> list[tuple[list[str], str]]:
    """Of the last stage, what is copied from the checkout: sources and target."""
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    lines = re.findall(r"^COPY (?!--from)(.+)$", last, re.M)
    return [(words[:-1], words[-1]) for words in map(str.split, lines)]


def unit_text(name: str) -> str:
    """A systemd unit with its drop-in."""
    path = UNITS / name
    extra = sorted((UNITS / f"{name}.d").glob("*.conf"))
    return "\n".join(each.read_text("utf-8") for each in (path, *extra))


def folder_with_programs(folder: Path) -> Path:
    """The units as they lie on a server, but for where the program lies: here."""
    folder.mkdir()
    for path in UNITS.rglob("*"):
        if path.is_file():
            target = folder / path.relative_to(UNITS)
            target.parent.mkdir(exist_ok=True)
            target.write_text(path.read_text("utf-8").replace("/opt/lakthan/current", str(ROOT)))
    return folder
