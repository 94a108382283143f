"""What deploy/ says is what the program is: settings, queues, ports, addresses, users."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from app import create_app
from app.shared.queue import QUEUES
from config import SettingsRefused, load_settings, settings_variables
from tests.deploy.places import (
    DEPLOY,
    DOCKERFILE,
    KUBERNETES,
    UNITS,
    compose,
    copied_by_the_image,
    manifests,
    pods,
    unit_text,
)
from tools.setup.places import ROOT

REQUIRED = ("LAKTHAN_ENV", "LAKTHAN_HOSTS", "SECRET_KEY", "LAKTHAN_SIGNING_KEY", "DATABASE_URL",
            "REDIS_URL", "LAKTHAN_PROVINCE", "LAKTHAN_TRUSTED_PROXIES")  # fmt: skip
SECRET = ("SECRET_KEY", "LAKTHAN_SIGNING_KEY", "DATABASE_URL", "REDIS_URL", "LAKTHAN_S3_SECRET")
OTHERS = {  # read by programs beside config.py
    "WEB_PROCESSES", "WEB_THREADS", "PORT", "HOST", "LAKTHAN_BACKUP_PASSPHRASE", "LAKTHAN_BACKUPS",
    "LAKTHAN_HOST", "LAKTHAN_ACME_EMAIL", "LAKTHAN_TLS", "LAKTHAN_UPSTREAM", "LAKTHAN_VERSION",
    "LAKTHAN_HTTP_PORT", "LAKTHAN_HTTPS_PORT",
}  # fmt: skip
LAKTHANS = ("web", "worker_photos", "worker_packets", "worker_upkeep", "clock", "migrate", "backup")


def settings_in_compose() -> dict[str, dict[str, str]]:
    return {name: compose()["services"][name]["environment"] for name in LAKTHANS}


def settings_in_kubernetes() -> dict[str, str]:
    (found,) = (each["data"] for each in manifests() if each["kind"] == "ConfigMap")
    return dict(found)


def settings_on_a_bare_server() -> dict[str, str]:
    lines = (UNITS / "lakthan.env").read_text("utf-8").splitlines()
    said = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    said |= dict(re.findall(r"(\w+_FILE)=(\S+)", unit_text("lakthan-web.service")))
    return said


def plainly(names: Any) -> set[str]:
    return {name.removesuffix("_FILE") for name in names}


@pytest.mark.parametrize("variable", REQUIRED)
def test_every_setting_that_production_needs_is_said_everywhere(variable: str) -> None:
    for said in (*settings_in_compose().values(), settings_in_kubernetes()):
        assert variable in plainly(said)
    assert variable in plainly(settings_on_a_bare_server())


def test_no_setting_is_said_that_the_program_does_not_know() -> None:
    known = settings_variables() | OTHERS
    texts = [*DEPLOY.rglob("*.yaml"), *DEPLOY.rglob("*.service"), *DEPLOY.rglob("*.env"),
             DEPLOY / "Dockerfile", DEPLOY / "Caddyfile"]  # fmt: skip
    said = {
        name
        for path in texts
        for name in re.findall(r"\b(?:LAKTHAN_[A-Z0-9_]+|SECRET_KEY\w*)", path.read_text("utf-8"))
    }
    assert plainly(said) - known == set()


@pytest.mark.parametrize("variable", SECRET)
def test_no_secret_stands_in_an_environment(variable: str) -> None:
    for said in (*settings_in_compose().values(), settings_in_kubernetes()):
        assert variable not in said
    assert variable not in settings_on_a_bare_server()


def test_every_queue_has_its_workers_everywhere() -> None:
    services = compose()["services"].values()
    commands = [list(each.get("command") or ()) for each in services]
    assert sorted(words[-1] for words in commands if "--queues" in words) == sorted(QUEUES)
    args = [list(pod["containers"][0].get("args", ())) for pod in pods().values()]
    assert sorted(words[-1] for words in args if "--queues" in words) == sorted(QUEUES)
    wanted = re.findall(r"lakthan-worker@(\w+)", unit_text("lakthan.target"))
    assert sorted(wanted) == sorted(QUEUES)


def test_one_clock_rings_everywhere() -> None:
    clocks = [each for each in compose()["services"].values() if "--clock" in str(each)]
    assert len(clocks) == 1
    assert pods()["clock"]["containers"][0]["args"][-1] == "--clock"
    assert "--clock" in unit_text("lakthan-clock.service")


def test_the_queue_that_scales_is_the_one_rq_keeps() -> None:
    from rq import Queue

    scaled = {
        trigger["metadata"]["listName"]: each["spec"]["scaleTargetRef"]["name"]
        for each in manifests()
        if each["kind"] == "ScaledObject"
        for trigger in each["spec"]["triggers"]
    }
    assert scaled
    for key, target in scaled.items():
        queue = target.removeprefix("worker-")
        assert queue in QUEUES
        assert key == Queue.redis_queue_namespace_prefix + queue
        assert target in pods()


def addresses_asked() -> set[str]:
    asked = set(re.findall(r"health_uri (/\w+)", (DEPLOY / "Caddyfile").read_text("utf-8")))
    asked |= set(re.findall(r'"GET", "(\S+?)"', (DEPLOY / "health.py").read_text("utf-8")))
    for pod in pods().values():
        for kind in ("startupProbe", "readinessProbe", "livenessProbe"):
            get = pod["containers"][0].get(kind, {}).get("httpGet")
            asked |= {get["path"]} if get else set()
    return asked


def test_what_is_asked_for_health_is_there(tmp_path: Path) -> None:
    app = create_app(load_settings({"LAKTHAN_VAR": str(tmp_path)}), send_job=print)
    asked = addresses_asked()
    assert asked == {"/healthz", "/readyz", "/readyz?without=queue"}
    adapter = app.url_map.bind("localhost")
    for path in asked:
        assert adapter.match(path.partition("?")[0])


def test_ready_is_asked_of_the_stores_and_alive_of_the_process_alone() -> None:
    web = pods()["web"]["containers"][0]
    assert web["readinessProbe"]["httpGet"]["path"] == "/readyz?without=queue"
    assert web["livenessProbe"]["httpGet"]["path"] == "/healthz"  # a restart mends no database


def test_a_probe_asks_under_a_name_the_web_answers_to() -> None:
    hosts = settings_in_kubernetes()["LAKTHAN_HOSTS"].split(",")
    web = pods()["web"]["containers"][0]
    for kind in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert web[kind]["httpGet"]["httpHeaders"] == [{"name": "Host", "value": hosts[0]}]


def test_everybody_means_the_same_port() -> None:
    (port,) = re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.M)
    assert f"PORT={port}" in DOCKERFILE
    assert compose()["services"]["proxy"]["environment"]["LAKTHAN_UPSTREAM"] == f"web:{port}"
    assert pods()["web"]["containers"][0]["ports"][0]["containerPort"] == int(port)
    policies = [each for each in manifests() if each["kind"] == "NetworkPolicy"]
    inward = [rule for each in policies for rule in each["spec"].get("ingress", ())]
    assert {entry["port"] for rule in inward for entry in rule["ports"]} == {int(port)}


def test_nobody_is_root_and_nobody_may_write_his_program() -> None:
    (user,) = re.findall(r"^USER (\d+):\d+$", DOCKERFILE, re.M)
    assert int(user) > 1000
    for name in LAKTHANS:
        service = compose()["services"][name]
        assert service["user"].startswith(user)
    for pod in pods().values():
        assert pod["securityContext"]["runAsUser"] == int(user)
        assert pod["securityContext"]["runAsNonRoot"]
        (container,) = pod["containers"]
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert not container["securityContext"]["allowPrivilegeEscalation"]
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


@pytest.mark.parametrize("name", sorted(compose()["services"]))
def test_a_container_has_no_rights_it_does_not_need_and_an_end_to_its_hunger(name: str) -> None:
    service = compose()["services"][name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else [])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert service["cpus"]
    assert service["pids_limit"]
    assert "privileged" not in service
    assert service.get("healthcheck") or name == "web"  # the web's stands in the Dockerfile


def test_only_the_proxy_is_seen_from_outside() -> None:
    found, services = compose(), compose()["services"]
    assert [name for name, each in services.items() if each.get("ports")] == ["proxy"]
    assert found["networks"]["back"]["internal"]
    for name in ("database", "queue", "store"):
        assert services[name]["networks"] == ["back"]
    assert "back" not in services["proxy"]["networks"]


def test_every_secret_of_compose_is_made_and_no_process_has_more_than_it_reads(
    secrets: Path,
) -> None:
    found = compose()
    for each in found["secrets"].values():
        assert (secrets / Path(each["file"]).name).exists()
    for name in LAKTHANS:
        service = found["services"][name]
        told = {Path(value).name for key, value in service["environment"].items()
                if key.endswith("_FILE")}  # fmt: skip
        assert set(service["secrets"]) - told <= {"backup_passphrase"}
        assert told <= set(service["secrets"])


def test_every_secret_of_kubernetes_and_systemd_is_made(secrets: Path) -> None:
    made = {path.name for path in secrets.iterdir()} | {"ca.pem"}  # yours
    template = yaml.safe_load((KUBERNETES / "base/secrets.example.yaml").read_text("utf-8"))
    assert set(template["stringData"]) <= made
    assert not any(template["stringData"].values())
    for pod in pods().values():
        (volume,) = (each for each in pod["volumes"] if each["name"] == "secrets")
        assert {item["key"] for item in volume["secret"]["items"]} <= set(template["stringData"])
    for path in UNITS.glob("*.service"):
        named = re.findall(r"LoadCredential=\w+:/etc/lakthan/secrets/(\w+)", unit_text(path.name))
        assert set(named) <= made


def test_a_job_in_hand_may_end_before_its_worker_is_killed() -> None:
    from app.shared.queue import JOBS

    for queue in QUEUES:
        longest_s = max(kind.timeout_s for kind in JOBS.values() if kind.queue == queue)
        assert pods()[f"worker-{queue}"]["terminationGracePeriodSeconds"] >= longest_s + 30
        assert seconds(compose()["services"][f"worker_{queue}"]["stop_grace_period"]) > longest_s
    stop = re.findall(r"TimeoutStopSec=(\S+)", unit_text("lakthan-worker@.service"))[0]
    assert seconds(stop) > max(kind.timeout_s for kind in JOBS.values())


def test_a_request_in_hand_may_end_before_its_server_is_killed() -> None:
    gunicorn = (DEPLOY / "gunicorn.conf.py").read_text("utf-8")
    graceful_s = int(re.findall(r"^graceful_timeout = (\d+)$", gunicorn, re.M)[0])
    web = pods()["web"]
    pause = web["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1]
    assert web["terminationGracePeriodSeconds"] > graceful_s + int(pause)
    assert seconds(compose()["services"]["web"]["stop_grace_period"]) > graceful_s
    stop = re.findall(r"TimeoutStopSec=(\S+)", unit_text("lakthan-web.service"))[0]
    assert seconds(stop) > graceful_s


def seconds(text: str) -> int:
    number, unit = re.fullmatch(r"(\d+)(s|m|min)?", text).groups()  # type: ignore[union-attr]
    return int(number) * (1 if unit in (None, "s") else 60)


def test_what_the_image_installs_is_pinned_by_hash() -> None:
    assert re.search(r"pip install --require-hashes -r requirements\.txt", DOCKERFILE)
    text = (ROOT / "requirements.txt").read_text("utf-8")
    pins = re.split(r"\n(?=\S)", text)
    loose = [pin for pin in pins if pin and not pin.startswith("#") and "--hash=" not in pin]
    assert loose == []
    assert "npm ci" in DOCKERFILE
    images = re.findall(r"^FROM (\S+)", DOCKERFILE, re.M)
    images += [each["image"] for each in compose()["services"].values()]
    assert [image for image in images if ":" not in image or image.endswith(":latest")] == []


def test_no_secret_and_no_data_reach_the_builder() -> None:
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"  # everything is left out but for what is named
    named = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    copied = {source for sources, _ in copied_by_the_image() for source in sources}
    assert copied <= named
    assert not named & {"var", "deploy", "deploy/secrets", ".env", ".git", "."}
    assert "/deploy/secrets/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_what_the_image_copies_is_all_the_program_needs(tmp_path: Path) -> None:
    """The image's last stage, put together in a folder, makes the application and its commands."""
    image = tmp_path / "image"
    for sources, target in copied_by_the_image():
        for source in sources:
            lay(ROOT / source, image / target, whole=len(sources) == 1 and not target.endswith("/"))
    (image / "static").mkdir()
    (image / "static/dist").symlink_to(ROOT / "static/dist")
    assert not (image / "tools").exists()
    env = {"PATH": os.environ["PATH"], "LAKTHAN_VAR": str(tmp_path / "var")}
    program = (
        "import app, worker; made = app.create_app(); print(*made.cli.commands, made.root_path);"
        f" worker.warm_up(made, {QUEUES})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=image, env=env, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert {"db", "backup", "account", str(image / "app")} <= set(done.stdout.split())


def lay(source: Path, target: Path, *, whole: bool) -> None:
    if source.is_dir():
        skip = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source, target, ignore=skip)
        return
    place = target if whole and target.suffix else target / source.name
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, place)


def test_a_setting_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("redis://web:secret@queue:6379/0\n")
    given = {"LAKTHAN_VAR": str(tmp_path), "REDIS_URL_FILE": str(tmp_path / "url")}
    assert load_settings(given).redis_url == "redis://web:secret@queue:6379/0"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"REDIS_URL": "redis://queue"}, "REDIS_URL and REDIS_URL_FILE are both set"),
        ({"REDIS_URL_FILE": "/nowhere/at/all"}, "REDIS_URL_FILE cannot be read"),
    ],
)
def test_a_file_that_cannot_count_is_told_by_its_variable(
    tmp_path: Path, more: dict[str, str], told: str
) -> None:
    (tmp_path / "url").write_text("redis://queue:6379/0\n")
    given = {"LAKTHAN_VAR": str(tmp_path), "REDIS_URL_FILE": str(tmp_path / "url")} | more
    with pytest.raises(SettingsRefused, match=told):
        load_settings(given)


def test_a_process_keeps_so_many_connections_and_ends_what_takes_too_long(tmp_path: Path) -> None:
    given = {"LAKTHAN_VAR": str(tmp_path), "DATABASE_URL": "postgresql+psycopg:///lakthan",
             "LAKTHAN_DATABASE_POOL": "3", "LAKTHAN_STATEMENT_TIMEOUT_S": "7"}  # fmt: skip
    settings = load_settings(given)
    options = create_app(settings, send_job=print).config["SQLALCHEMY_ENGINE_OPTIONS"]
    assert (options["pool_size"], options["max_overflow"], options["pool_pre_ping"]) == (3, 3, True)
    assert "-c statement_timeout=7s" in options["connect_args"]["options"]
