from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from server.web.static import Static

ROUTES = Path(__file__).parents[3] / "pwa" / "src" / "app" / "routes.ts"
SHELL = "<!doctype html><title>Đổi Bằng</title>"


def client(dist: Path) -> TestClient:
    return TestClient(Starlette(routes=[Route("/{path:path}", Static(dist).answer)]))


@pytest.fixture
def built(tmp_path: Path) -> TestClient:
    (tmp_path / "assets").mkdir()
    for name, content in {
        "index.html": SHELL,
        "sw.js": "self",
        "manifest.webmanifest": "{}",
        "icon.v1.svg": "<svg/>",
        "assets/index-Dx_3k9Za.js": "plain",
        "assets/index-Dx_3k9Za.js.br": "brotli",
        "assets/index-Dx_3k9Za.js.gz": "gzip",
        "assets/zxing-AbCdEf12.wasm": "wasm",
    }.items():
        (tmp_path / name).write_text(content)
    (tmp_path.parent / "secret.txt").write_text("secret")
    return client(tmp_path)


@pytest.mark.parametrize(
    "path",
    ["/", "/ho-so", "/ho-so/0123", "/to-khai/0123/anh", "/thiet-bi", "/can-bo/ho-so/1", "/moi"],
)
def test_the_apps_addresses_get_the_shell(built: TestClient, path: str) -> None:
    answer = built.get(path)
    assert answer.text == SHELL
    assert answer.headers["cache-control"] == "no-cache"
    assert "require-trusted-types-for 'script'" in answer.headers["content-security-policy"]
    assert "unsafe-inline" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    ["/nope", "/assets/gone-12345678.js", "/ho-so.php", "/../secret.txt", "/%2e%2e/secret.txt"],
)
def test_other_addresses_are_not_found(built: TestClient, path: str) -> None:
    assert built.get(path).status_code == 404


@pytest.mark.parametrize(
    ("accepted", "body"), [("gzip, br", "brotli"), ("gzip", "gzip"), ("identity", "plain")]
)
def test_the_smallest_copy_that_the_browser_takes(
    built: TestClient, accepted: str, body: str
) -> None:
    with built.stream(
        "GET", "/assets/index-Dx_3k9Za.js", headers={"accept-encoding": accepted}
    ) as answer:
        assert b"".join(answer.iter_raw()) == body.encode()
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    ("path", "cache"),
    [
        ("/assets/zxing-AbCdEf12.wasm", "public, max-age=31536000, immutable"),
        ("/icon.v1.svg", "public, max-age=31536000, immutable"),
        ("/sw.js", "no-cache"),
        ("/manifest.webmanifest", "no-cache"),
    ],
)
def test_what_may_be_kept(built: TestClient, path: str, cache: str) -> None:
    assert built.get(path).headers["cache-control"] == cache


def test_types_that_browsers_insist_on(built: TestClient) -> None:
    wasm = built.get("/assets/zxing-AbCdEf12.wasm").headers["content-type"]
    assert wasm == "application/wasm"
    manifest = built.get("/manifest.webmanifest").headers["content-type"]
    assert manifest == "application/manifest+json"


def test_an_unchanged_file_is_not_sent_again(built: TestClient) -> None:
    tag = built.get("/sw.js").headers["etag"]
    again = built.get("/sw.js", headers={"if-none-match": f'W/{tag}, "x"'})
    assert (again.status_code, again.content) == (304, b"")


def test_without_a_build_the_page_says_what_to_do(tmp_path: Path) -> None:
    answer = client(tmp_path / "gone").get("/")
    assert answer.status_code == 503
    assert "./infra/run" in answer.text
    assert client(tmp_path / "gone").get("/nope").status_code == 404


def test_every_address_of_the_app_is_answered_by_its_shell(built: TestClient) -> None:
    """A phone that was never here before opens a link."""
    text = ROUTES.read_text(encoding="utf-8")
    take = re.search(r'TAKE = "([^"]+)"', (ROUTES.parent / "claim-link.ts").read_text("utf-8"))
    assert take is not None
    paths = [*re.findall(r'path: "(/[^"]*)"', text), take[1]]
    assert len(paths) > 15
    for path in paths:
        answer = built.get(re.sub(":[a-z]+", "0123abcd", path))
        assert (path, answer.status_code, answer.text) == (path, 200, SHELL)
