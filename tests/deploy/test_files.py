"""What cannot be run on every machine is at least what its own program takes it for."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from importlib import resources
from pathlib import Path

import pytest
import yaml

from tests.deploy.places import DEPLOY, KUBERNETES, UNITS, folder_with_programs
from tools.setup.places import PYTHON

BIN = PYTHON.parent
MOST_EXPOSED = 1.5  # of systemd's ten; 9 and more is a unit that says nothing


def run(*words: object, env: dict[str, str] | None = None) -> str:
    """Run a linter; its words if it is content."""
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False, env=env
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def needs(name: str) -> str:
    """A program of the machine, not of the registries; the test is left out where it is not."""
    return shutil.which(name) or pytest.skip(f"{name} is not on this machine")


def test_the_image_is_built_as_hadolint_would() -> None:
    assert run(BIN / "hadolint", DEPLOY / "Dockerfile") == ""


def test_compose_understands_its_file() -> None:
    schema = ("--builtin-schema", "vendor.compose-spec")
    run(BIN / "check-jsonschema", *schema, DEPLOY / "compose.yaml")


@pytest.mark.parametrize("way", ["", "tls internal"])
def test_caddy_understands_its_file_and_would_write_it_so(way: str, tmp_path: Path) -> None:
    caddyfile = DEPLOY / "Caddyfile"
    env = {"LAKTHAN_HOST": "lakthan.example.go.th", "LAKTHAN_TLS": way, "HOME": str(tmp_path)}
    run(BIN / "caddy", "validate", "--adapter", "caddyfile", "--config", caddyfile, env=env)
    assert run(BIN / "caddy", "fmt", caddyfile) == caddyfile.read_text("utf-8")


def test_caddy_passes_bodies_on_as_they_come_and_tells_its_own_address(tmp_path: Path) -> None:
    env = {"LAKTHAN_HOST": "lakthan.example.go.th", "HOME": str(tmp_path)}
    words = ("adapt", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile")
    told = run(BIN / "caddy", *words, env=env)
    assert "request_buffers" not in told
    assert "trusted_proxies" not in told
    proxy = json.loads(told)["apps"]["http"]["servers"]["srv0"]
    assert "read_timeout" not in proxy  # a photo over a weak signal takes its time


@pytest.mark.parametrize("path", sorted(KUBERNETES.rglob("*.yaml")), ids=lambda path: path.stem)
def test_kubernetes_understands_its_manifests(path: Path) -> None:
    import kubernetes_validate

    for document in yaml.safe_load_all(path.read_text("utf-8")):
        own = document["apiVersion"].startswith(("keda.sh", "kustomize.config.k8s.io"))
        if not own:  # what is not Kubernetes' own has no schema in it; kustomize is asked below
            kubernetes_validate.validate(document, "1.31", strict=True)


def test_the_schemas_are_there_to_refuse() -> None:
    import kubernetes_validate

    wrong = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}, "spec": {"port": 1}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, "1.31", strict=True)
    assert resources.files("kubernetes_validate").is_dir()


@pytest.mark.parametrize("folder", ["base", "migrate", "restore", "keda"])
def test_kustomize_puts_the_manifests_together(folder: str) -> None:
    together = run(needs("kubectl"), "kustomize", KUBERNETES / folder)
    images = set(re.findall(r"image: (\S+)", together))
    assert images == {"registry.example.go.th/lakthan:0.7.0"}


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    analyze = needs("systemd-analyze")
    folder = folder_with_programs(tmp_path / "units")
    units = [each for each in folder.iterdir() if each.suffix in (".service", ".timer", ".socket")]
    done = subprocess.run(
        [analyze, "verify", *map(str, units), str(folder / "lakthan.target")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "lakthan" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.parametrize("path", sorted(UNITS.glob("*.service")), ids=lambda path: path.stem)
def test_a_unit_lets_its_process_touch_next_to_nothing(path: Path, tmp_path: Path) -> None:
    folder = folder_with_programs(tmp_path / "units")
    words = ("security", "--offline=true", folder / path.name)
    told = run(needs("systemd-analyze"), *words)
    found = re.search(r"exposure level for \S+: ([\d.]+)", told)
    assert found is not None
    assert float(found.group(1)) <= MOST_EXPOSED
