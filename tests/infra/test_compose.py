"""infra/compose.yaml and what it mounts, without Docker: what would open a door, leak a password or
not start."""

from __future__ import annotations

import configparser
import itertools
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from server.settings import Settings
from server.settings_table import TABLE

ROOT = Path(__file__).resolve().parents[2]
INFRA = ROOT / "infra"
SET = {
    "DOIBANG_ORIGIN": "https://doibang.example.vn",
    "DOIBANG_REGISTRY_URL": "https://registry.example.vn",
    "DOIBANG_POST_URL": "https://post.example.vn",
}
KNOWN = json.loads(Path(__file__).with_name("couchdb-3.4-keys.json").read_text())
"""Section → keys of CouchDB 3.4.3's own default.ini; `smoosh.`: of its compaction channels."""


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    script = Path(__file__).with_name("yaml.mjs")
    command = ["node", str(script), str(INFRA / "compose.yaml"), str(ROOT / "pwa")]
    read = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(read.stdout)
    return found


def test_only_caddy_is_reachable(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert [name for name, each in services.items() if "ports" in each] == ["caddy"]
    assert {port.split("/")[0] for port in services["caddy"]["ports"]} == {"80:80", "443:443"}
    assert all("network_mode" not in each for each in services.values())
    assert compose["networks"]["stores"] == {"internal": True}
    for name in ("couchdb1", "couchdb2", "couchdb3", "postgres", "join"):
        assert list(services[name]["networks"]) == ["stores"], name


def test_secrets_are_files(compose: dict[str, Any]) -> None:
    for name, secret in compose["secrets"].items():
        assert secret == {"file": f"./secrets/{name}"}
    used = {name for each in compose["services"].values() for name in each.get("secrets", [])}
    assert used == set(compose["secrets"])
    for name, each in compose["services"].items():
        for key, value in each.get("environment", {}).items():
            if re.search("PASSWORD|TOKEN|SECRET|COOKIE|CREDENTIALS", key):
                assert value.startswith("/run/secrets/"), f"{name}: {key}"
            assert not re.search(r"//[^/@]*:[^/@]*@", str(value)), f"{name}: {key}"
    ignored = ["git", "check-ignore", "-q", "infra/secrets/erlang-cookie"]
    assert subprocess.run(ignored, cwd=ROOT).returncode == 0


def test_every_service_is_watched_limited_pinned_and_started_again(
    compose: dict[str, Any],
) -> None:
    for name, each in compose["services"].items():
        assert re.search(r":\d+\.\d+(\.\d+)?(-[a-z0-9]+)?$", each["image"]), name
        assert each["mem_limit"], name
        if name == "join":  # it ends
            assert each["restart"] == "on-failure"
            continue
        assert each["restart"] == "unless-stopped", name
        assert each["healthcheck"]["test"], name
    bases = re.findall(r"^FROM (\S+)", (INFRA / "Dockerfile").read_text(), re.M)
    assert bases
    assert all(re.search(r":\d+\.\d+\.\d+-", base) for base in bases)


def test_the_servers_settings_are_settings(compose: dict[str, Any]) -> None:
    """They start with these, and hold no state of their own but the keys they share."""
    servers = [compose["services"][name] for name in ("server1", "server2")]
    assert servers[0]["hostname"] != servers[1]["hostname"]
    for server in servers:
        given = {k: _set(v) for k, v in server["environment"].items() if k.startswith("DOIBANG_")}
        assert set(given) <= {row.name for row in TABLE}
        settings = Settings.from_env(given)
        assert str(settings.documents).startswith("http://")
        assert settings.record_url.startswith("postgresql+psycopg://")
        assert not settings.sandbox
        assert server["volumes"] == ["keys:/data"]
    volumes = [v for each in compose["services"].values() for v in each.get("volumes", [])]
    named = {v.split(":")[0] for v in volumes if not v.startswith(".")}
    assert named == set(compose["volumes"])
    assert all((INFRA / v.split(":")[0]).exists() for v in volumes if v.startswith("."))


def test_the_image_has_what_it_runs() -> None:
    text = (INFRA / "Dockerfile").read_text()
    assert "--require-hashes -r infra/requirements.lock" in text
    assert text.rindex("USER doibang") > text.rindex("RUN ")
    kept = (INFRA / "Dockerfile.dockerignore").read_text().split()
    for line in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.M):
        for path in line.split():
            assert (ROOT / path).exists(), path
            assert any(path == k[1:] or path.startswith(f"{k[1:]}/") for k in kept if k[0] == "!")


def test_caddy_hides_what_is_for_the_operator(compose: dict[str, Any]) -> None:
    text = (INFRA / "Caddyfile").read_text()
    assert re.search(r"@inside path /healthz /readyz /metrics\n\s*respond @inside 404", text)
    asked = set(re.findall(r"\{\$(\w+)\}", text))
    assert asked == set(compose["services"]["caddy"]["environment"])


def test_caddy_takes_its_file(compose: dict[str, Any], tmp_path: Path) -> None:
    if not shutil.which("caddy"):
        pytest.skip("caddy is not installed")
    given = {k: _set(v) for k, v in compose["services"]["caddy"]["environment"].items()}
    command = ["caddy", "adapt", "--config", str(INFRA / "Caddyfile"), "--adapter", "caddyfile"]
    environ = os.environ | given | {"HOME": str(tmp_path)}
    adapted = subprocess.run(command, env=environ, capture_output=True, text=True)
    assert adapted.returncode == 0, adapted.stderr
    servers = json.loads(adapted.stdout)["apps"]["http"]["servers"].values()
    assert sorted(server["listen"] for server in servers) == [[":443"], [":5984"]]


def test_couchdb_knows_every_key() -> None:
    settings = configparser.ConfigParser(interpolation=None)
    settings.optionxform = str  # type: ignore[assignment,method-assign]
    text = (INFRA / "couchdb.ini").read_text()
    settings.read_string(text)
    for section in settings.sections():
        known = KNOWN["smoosh." if section.startswith("smoosh.") else section]
        assert set(settings[section]) <= set(known), section
    lines = text.splitlines()
    for before, line in itertools.pairwise(lines):  # each has its reason above it
        if re.match(r"[a-z]", line) and before.startswith("["):
            pytest.fail(f"no reason is given for {line}")
    cluster = settings["cluster"]
    assert (cluster["q"], cluster["n"]) == ("1", "3")
    # With a node away every sealed chunk waits this long, and our server gives up after 30 s.
    assert int(settings["couchdb"]["attachment_writer_timeout"]) <= 5000


def test_the_nodes_know_each_other(compose: dict[str, Any]) -> None:
    seeds = re.search(r"^seedlist = (.+)$", (INFRA / "couchdb.ini").read_text(), re.M)
    assert seeds is not None
    names = {seed.removeprefix("couchdb@") for seed in seeds[1].split(",")}
    services = compose["services"]
    nodes = {
        each["environment"]["NODENAME"]: each for n, each in services.items() if "couchdb" in n
    }
    assert set(nodes) == names
    for name, node in nodes.items():
        assert node["networks"]["stores"]["aliases"] == [name]
    assert {url.split("/")[-1] for url in services["join"]["command"][2:]} == {
        f"{name}:5984" for name in names
    }
    proxied = services["caddy"]["environment"]["COUCHDB_NODES"].split()
    assert set(proxied) == {f"{name}:5984" for name in names}


def test_docker_compose_takes_it(tmp_path: Path) -> None:
    command = shutil.which("docker-compose")
    if command is None:
        pytest.skip("docker-compose is not installed")
    copy = tmp_path / "infra"
    copy.mkdir()
    shutil.copy(INFRA / "compose.yaml", copy)
    ran = [command, "-f", str(copy / "compose.yaml"), "config", "-q"]
    environ = {k: v for k, v in os.environ.items() if not k.startswith("DOIBANG_")}
    checked = subprocess.run(ran, env=environ | SET, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    refused = subprocess.run(ran, env=environ, capture_output=True, text=True)
    assert refused.returncode != 0
    assert "DOIBANG_ORIGIN" in refused.stderr


def _set(value: str) -> str:
    """Compose's own substitution: ${NAME:?why} and ${NAME:-default}."""
    found = re.fullmatch(r"\$\{(\w+):[?-](.*)\}", value)
    return SET.get(found[1], "") if found else value
