from __future__ import annotations

from pathlib import Path

import pytest

from server.check import complaints, readme_table, settings_table
from server.errors import BadSettings
from server.settings import Settings
from server.settings_table import TABLE

STAGING = {"DOIBANG_ORIGIN": "https://doibang.example", "DOIBANG_SANDBOX": "staging"}
REAL = {
    "DOIBANG_ORIGIN": "https://doibang.example",
    "DOIBANG_REGISTRY_URL": "https://registry.example/",
    "DOIBANG_POST_URL": "https://post.example",
}


def wrong(environ: dict[str, str]) -> str:
    with pytest.raises(BadSettings) as bad:
        Settings.from_env(environ)
    return "\n".join(bad.value.complaints)


def test_the_default_run() -> None:
    settings = Settings.from_env({"PATH": "/bin"})
    assert settings.origin == "http://localhost:8000"
    assert settings.documents == Path("var/documents.sqlite").absolute()
    assert settings.record_url == f"sqlite:///{Path('var').absolute()}/record.sqlite"
    assert (settings.sandbox, settings.demo, settings.secure) == (True, True, False)
    assert settings.authority_url == "http://127.0.0.1:8000/sandbox/twins/authority"


def test_the_origin_and_the_twins_follow_the_port() -> None:
    settings = Settings.from_env({"DOIBANG_PORT": "9001", "DOIBANG_HOST": "0.0.0.0"})
    assert settings.origin == "http://localhost:9001"
    assert settings.post_url == "http://127.0.0.1:9001/sandbox/twins/post"
    assert Settings.from_env({"DOIBANG_HOST": "::1"}).own_address == "http://[::1]:8000"


def test_every_wrong_setting_is_named_at_once() -> None:
    said = wrong(
        {
            "DOIBANG_PORT": "eighty",
            "DOIBANG_PROT": "80",
            "DOIBANG_APPROVAL": "minister",
            "DOIBANG_DOCUMENTS": "http://admin:hidden@couch:5984",
            "DOIBANG_RECORD": "mysql://u:hidden@h/d",
            "DOIBANG_ORIGIN": "http://doibang.example",
        }
    )
    for name in ("PORT=eighty", "APPROVAL", "DOCUMENTS", "RECORD", "ORIGIN"):
        assert f"DOIBANG_{name}" in said
    assert "DOIBANG_PROT: no such setting; did you mean DOIBANG_PORT?" in said
    assert "must not hold the password" in said
    assert "hidden" not in said


def test_couchdb_s_password_comes_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    settings = Settings.from_env(
        {
            "DOIBANG_DOCUMENTS": "http://couch:5984/",
            "DOIBANG_COUCHDB_CREDENTIALS": str(file),
        }
    )
    for content in (None, "", "admin", "admin:"):
        if content is not None:
            file.write_text(content)
        with pytest.raises(BadSettings, match="DOIBANG_COUCHDB_CREDENTIALS"):
            settings.couchdb()
    file.write_text("admin:a:b\n")
    assert settings.couchdb() == ("http://couch:5984", "admin", "a:b")


@pytest.mark.parametrize(
    "origin", ["localhost:8000", "http://localhost:8000/", "https://u@h", "ftp://h", "https://"]
)
def test_an_origin_is_scheme_host_and_port(origin: str) -> None:
    assert "DOIBANG_ORIGIN" in wrong({"DOIBANG_ORIGIN": origin})


@pytest.mark.parametrize("port", ["0", "65536", "-1", "8000.0", "٨٠٠٠"])
def test_a_port_is_a_port(port: str) -> None:
    assert "DOIBANG_PORT" in wrong({"DOIBANG_PORT": port})


def test_vnpay_is_set_as_a_whole_or_not_at_all() -> None:
    assert not Settings.from_env(REAL).vnpay_page
    complaints = wrong(REAL | {"DOIBANG_VNPAY_PAGE": "https://pay.example/vpcpay.html"})
    for name in ("API", "TERMINAL", "SECRET"):
        assert f"DOIBANG_VNPAY_{name}: must be set" in complaints


@pytest.mark.parametrize("account", ["970436", "97043/0123", "970436/", "970436/01-23"])
def test_an_account_for_transfers_is_bank_and_account(account: str) -> None:
    assert "BANK/ACCOUNT" in wrong(REAL | {"DOIBANG_VIETQR": account})


def test_the_sandbox_stays_on_loopback() -> None:
    assert "loopback" in wrong(REAL | {"DOIBANG_SANDBOX": "on"})
    assert not Settings.from_env(REAL).sandbox
    assert not Settings.from_env(REAL | {"DOIBANG_SANDBOX": "off"}).sandbox
    staging = Settings.from_env(STAGING)
    assert (staging.sandbox, staging.demo) == (True, False)


@pytest.mark.parametrize(
    ("host", "demo"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False)],
)
def test_demo_links_stay_on_this_machine(host: str, demo: bool) -> None:
    """Whatever the origin says: who is no browser claims any."""
    settings = Settings.from_env({"DOIBANG_HOST": host})
    assert (settings.sandbox, settings.demo) == (True, demo)


def test_without_the_sandbox_the_systems_in_use_must_be_named() -> None:
    assert Settings.from_env(REAL).registry_url == "https://registry.example"
    missing = wrong(REAL | {"DOIBANG_POST_URL": "", "DOIBANG_APPROVAL": "authority"})
    assert "DOIBANG_POST_URL" in missing
    assert "DOIBANG_AUTHORITY_URL" in missing
    assert "DOIBANG_REGISTRY_URL" not in missing


def test_a_named_system_replaces_its_twin_only() -> None:
    settings = Settings.from_env({"DOIBANG_POST_URL": "https://post.example"})
    assert settings.post_url == "https://post.example"
    assert "/sandbox/twins/registry" in settings.registry_url


def test_secrets_are_not_shown() -> None:
    secrets = {
        "DOIBANG_POST_TOKEN": "token-of-ours",
        "DOIBANG_POST_URL": "https://post.example",
        "DOIBANG_RECORD": "postgresql+psycopg://doibang:word@db/doibang",
    }
    settings = Settings.from_env(secrets)
    shown = "\n".join(settings_table(settings))
    for secret in ("token-of-ours", "word@"):
        assert secret not in repr(settings) + shown
    assert "db/doibang" in shown
    assert all(row.name in shown for row in TABLE)


def test_the_readme_lists_every_setting() -> None:
    table = "\n".join(readme_table())
    assert all(f"`{row.name}`" in table for row in TABLE)


def test_keys_without_escrow_are_complained_about(tmp_path: Path) -> None:
    settings = Settings.from_env({"DOIBANG_DATA": str(tmp_path)})
    assert complaints(settings) == []
    settings.keys.mkdir()
    (settings.keys / "record.json").write_text("{}")
    assert "doibang keys export" in complaints(settings)[0]
