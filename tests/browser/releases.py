"""Versions of the built app that differ as two builds do, and a site that offers one of them."""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from server.web.static import Static

BRAND = "Đổi Bằng"
CHUNK = re.compile(r"[\w.-]+-[\w-]{8}\.js")
VERSION = re.compile(r"(?<=shell-)[0-9a-f]{16}")


@dataclass(frozen=True)
class Release:
    """`brand` is what its header shows; `files` are the addresses named by their content."""

    folder: Path
    brand: str

    @property
    def files(self) -> set[str]:
        names = (path.relative_to(self.folder).as_posix() for path in self.folder.rglob("assets/*"))
        return {f"/{name}" for name in names}

    @property
    def cache(self) -> str:
        version = VERSION.search((self.folder / "sw.js").read_text(encoding="utf-8"))
        assert version, "sw.js names no version"
        return f"shell-{version[0]}"


def release(built: Path, folder: Path, brand: str) -> Release:
    """The app in `built` under another name. As in a build, a file that changed is named anew, and
    so is every file that names it; those that stayed keep name and content."""
    shutil.copytree(built, folder, ignore=shutil.ignore_patterns("*.br", "*.gz"))
    texts = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.js")}
    texts[folder / "index.html"] = (folder / "index.html").read_text(encoding="utf-8")
    changed = {path.name for path, text in texts.items() if f'"{BRAND}"' in _quoted(text)}
    assert any(CHUNK.fullmatch(name) for name in changed), "no chunk holds the app's name"
    while more := {
        path.name
        for path, text in texts.items()
        if path.name not in changed and not changed.isdisjoint(CHUNK.findall(text))
    }:
        changed |= more
    renamed = {name: _renamed(name, brand) for name in changed if CHUNK.fullmatch(name)}
    for path, text in texts.items():
        new = _quoted(text).replace(f'"{BRAND}"', f'"{brand}"') if path.name in changed else text
        new = CHUNK.sub(lambda found: renamed.get(found[0], found[0]), new)
        path.write_text(VERSION.sub(_hash(brand)[:16], new), encoding="utf-8")
        path.rename(path.with_name(renamed.get(path.name, path.name)))
    return Release(folder, brand)


def _quoted(text: str) -> str:
    """The minifier writes a string between backticks."""
    return text.replace(f"`{BRAND}`", f'"{BRAND}"')


def _renamed(name: str, brand: str) -> str:
    return f"{name[:-11]}{_hash(name + brand)[:8]}.js"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Site:
    """An ASGI application that serves one release, with the product's own rules for its files.
    `asked` are the addresses asked for; with `cut` set, that many more hashed files arrive whole
    and the rest break off in the middle."""

    def __init__(self, shown: Release) -> None:
        self.asked: list[str] = []
        self.cut: int | None = None
        self.show(shown)

    def show(self, shown: Release) -> None:
        self.shown = shown
        self._static = Static(shown.folder)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        path = scope["path"]
        self.asked.append(path)
        answer = await self._static.answer(Request(scope))
        if path.startswith("/assets/") and self._breaks():
            await _break_off(answer, send)
        else:
            await answer(scope, receive, send)

    def _breaks(self) -> bool:
        if self.cut is None:
            return False
        self.cut -= 1
        return self.cut < 0


async def _break_off(answer: Response, send: Any) -> None:
    """Half the body; the server then closes the connection because the length is wrong."""
    start = {
        "type": "http.response.start",
        "status": answer.status_code,
        "headers": answer.raw_headers,
    }
    await send(start)
    half = bytes(answer.body)[: len(answer.body) // 2]
    await send({"type": "http.response.body", "body": half, "more_body": True})
