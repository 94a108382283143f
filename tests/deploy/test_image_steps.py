"""The image's own steps, one after the other, in folders instead of containers.

No image can be built where no registry of images is in reach.  What COPY, ENV, WORKDIR, RUN and CMD
of deploy/Dockerfile say is done here all the same, each stage below a root of its own: packages by
their hashes, assets, wording, the program compiled, the web started and found healthy by the
image's own check.  Left out: the base images, and who is who (`groupadd`, `USER`).  Long form: it
fetches every package anew.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.deploy.conftest import free_port
from tests.deploy.places import DOCKERFILE
from tests.test_worker import until
from tools.setup.places import PYTHON, ROOT

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        os.environ.get("LAKTHAN_FAULTS") != "full", reason="long form: make test-faults"
    ),
]
OURS = re.compile(r"(?<![\w.$-])/(?=(?:src|opt|var/lib/lakthan)\b)")
LEFT_OUT = ("groupadd",)  # changes the machine; a container's is its own


@dataclass
class Stage:
    """A stage of the Dockerfile: where its root is, and what it knows so far."""

    root: Path
    folder: str = "/"
    environ: dict[str, str] = field(default_factory=dict)
    command: list[str] = field(default_factory=list)
    check: list[str] = field(default_factory=list)

    def here(self, text: str) -> str:
        """The text with the stage's own places in the place of the container's."""
        return OURS.sub(f"{self.root}/", text)

    def place(self, path: str) -> Path:
        inside = path if path.startswith("/") else f"{self.folder}/{path}"
        return self.root / inside.lstrip("/")

    def env(self, **more: str) -> dict[str, str]:
        path = f"{PYTHON.parent}:{os.environ['PATH']}"
        own = {name: self.here(value).replace("$PATH", path).replace("$BUILD", "")
               for name, value in self.environ.items()}  # fmt: skip
        return os.environ | {"PATH": path} | own | more


def instructions() -> list[tuple[str, str]]:
    """Instruction and words, lines joined."""
    joined = re.sub(r"\\\n\s*", "", DOCKERFILE)
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines)]


def build(folder: Path) -> Stage:
    """Go through the Dockerfile; returns the last stage."""
    stages: dict[str, Stage] = {}
    stage = Stage(folder)
    for number, (name, rest) in enumerate(instructions()):
        if name == "FROM":
            stage = Stage(folder / f"stage-{number}")
            stage.root.mkdir(parents=True)
            stages[rest.rpartition(" ")[2]] = stage
        elif name == "WORKDIR":
            stage.folder = rest
            stage.place(rest).mkdir(parents=True, exist_ok=True)
        elif name == "ENV":
            stage.environ |= dict(word.split("=", 1) for word in shlex.split(rest))
        elif name == "COPY":
            copy(stage, stages, rest.split())
        elif name == "RUN" and not rest.startswith(LEFT_OUT):
            done = subprocess.run(
                ["/bin/sh", "-c", stage.here(rest)], cwd=stage.place("."), env=stage.env(),
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, f"{rest}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        elif name == "CMD":
            stage.command = json.loads(rest)
        elif name == "HEALTHCHECK":
            stage.check = json.loads(rest[rest.index("[") :])
    return stage


def copy(stage: Stage, stages: dict[str, Stage], words: list[str]) -> None:
    """COPY: from the checkout, or from a stage; into a folder where several or one with a slash."""
    origin = next((w.partition("=")[2] for w in words if w.startswith("--from=")), "")
    *sources, target = (word for word in words if not word.startswith("--"))
    for source in sources:
        found = stages[origin].place(source) if origin else ROOT / source
        place = stage.place(target)
        if found.is_dir():
            skip = shutil.ignore_patterns("__pycache__")
            shutil.copytree(found, place, ignore=skip, symlinks=True, dirs_exist_ok=True)
            continue
        if target.endswith("/") or len(sources) > 1:
            place /= found.name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(found, place)


def test_every_step_can_be_done_and_the_web_that_comes_of_it_is_healthy(
    tmp_path: Path, redis_url: str
) -> None:
    image = build(tmp_path / "image")
    assert (image.place("static/dist/manifest.json")).exists() or list(
        image.place("static/dist").iterdir()
    )
    var = tmp_path / "var"
    env = image.env(
        LAKTHAN_ENV="demo", LAKTHAN_VAR=str(var), REDIS_URL=redis_url, PORT=str(free_port()),
        HOST="127.0.0.1",
    )  # fmt: skip
    python = str(image.place("/opt/venv/bin/python"))
    folder = image.place(".")
    assert not (folder / "tests").exists()

    def words(command: list[str]) -> list[str]:
        assert command[0] == "python"
        return [python, *command[1:]]

    migrate = words(["python", "-m", "flask", "db", "upgrade"])
    subprocess.run(migrate, cwd=folder, env=env, check=True, capture_output=True)
    with (tmp_path / "web.log").open("wb") as log:
        web = subprocess.Popen(words(image.command), cwd=folder, env=env, stdout=log, stderr=log)
    try:
        until(lambda: healthy(words(image.check), folder, env) or web.poll() is not None, "health")
        assert web.poll() is None, (tmp_path / "web.log").read_text()[-3000:]
    finally:
        web.terminate()
        assert web.wait(60) == 0


def healthy(check: list[str], folder: Path, env: dict[str, str]) -> bool:
    """Whether the image's own check is content."""
    return not subprocess.run(
        check, cwd=folder, env=env, capture_output=True, check=False
    ).returncode
