"""The PWA's files: read once at start, precompressed, with the headers each kind needs.

Hashed names are cached for ever; the shell, `sw.js` and the manifest are asked for every time.
Only the PWA's own addresses fall back to the shell, so a mistyped one stays a 404.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",  # WebAssembly: the QR decoder and Argon2
        "style-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types lit-html doibang",
    )
)
HEADERS = {"Content-Security-Policy": CONTENT_SECURITY_POLICY}  # guards.py adds the others
PARTS = "assets/"  # what a page or the worker loads: their own policy governs it
SHELL_ADDRESS = re.compile(
    r"/|/(ho-so|to-khai|tro-giup|theo-doi|thiet-bi|mo-khoa|nhan|nhan-vien|can-bo|quan-tri|moi|demo"
    r"|so-thu-tu|goi-so)"
    r"(/[^/.]+)*/?"
)
NAMED_BY_CONTENT = re.compile(r"assets/.+-[\w-]{8,}\.\w+|[^/]+\.v\d+\.\w+")
TYPES = {".webmanifest": "application/manifest+json", ".wasm": "application/wasm"}
NOT_BUILT = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Đổi Bằng</title>
<h1>Chưa có giao diện</h1>
<p>Máy chủ đang chạy nhưng ứng dụng chưa được dựng. Hãy chạy <code>./infra/run</code>, hoặc
<code>npm run build --prefix pwa</code>, rồi khởi động lại máy chủ.</p>
<h1 lang="en">No interface yet</h1>
<p lang="en">The server runs, but the app was not built. Run <code>./infra/run</code>, or
<code>npm run build --prefix pwa</code>, and start the server again.</p></html>"""


@dataclass(frozen=True)
class File:
    """One file of the build with its compressed copies, where the build made them."""

    type: str
    headers: dict[str, str]
    cache: str
    tag: str
    plain: bytes
    gzip: bytes | None
    brotli: bytes | None

    def answer(self, request: Request) -> Response:
        headers = {
            **self.headers,
            "Cache-Control": self.cache,
            "ETag": self.tag,
            "Vary": "Accept-Encoding",
        }
        if self.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        body, encoding = self._encoded(request.headers.get("accept-encoding", ""))
        if encoding:
            headers["Content-Encoding"] = encoding
        return Response(body, media_type=self.type, headers=headers)

    def _encoded(self, accepted: str) -> tuple[bytes, str]:
        known = {part.partition(";")[0].strip() for part in accepted.lower().split(",")}
        if self.brotli and "br" in known:
            return self.brotli, "br"
        if self.gzip and "gzip" in known:
            return self.gzip, "gzip"
        return self.plain, ""


class Static:
    """The endpoint of everything that no other route took. `dist` is the PWA's build."""

    def __init__(self, dist: Path) -> None:
        paths = [path for path in dist.rglob("*") if path.is_file()] if dist.is_dir() else []
        plain = [path for path in paths if path.suffix not in (".br", ".gz")]
        self._files = {path.relative_to(dist).as_posix(): _read(path, dist) for path in plain}

    @property
    def built(self) -> bool:
        return "index.html" in self._files

    async def answer(self, request: Request) -> Response:
        path = request.url.path
        file = self._files.get(path.lstrip("/"))
        if file is None and SHELL_ADDRESS.fullmatch(path):
            if not self.built:
                return HTMLResponse(NOT_BUILT, 503, headers={"Retry-After": "60"})
            file = self._files["index.html"]
        if file is None:
            return Response("Không tìm thấy · Not found\n", 404, HEADERS, "text/plain")
        return file.answer(request)


def _read(path: Path, dist: Path) -> File:
    name, plain = path.relative_to(dist).as_posix(), path.read_bytes()
    guessed = TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    lasting = NAMED_BY_CONTENT.fullmatch(name) is not None
    return File(
        type="text/javascript" if path.suffix == ".js" else guessed,
        headers={} if name.startswith(PARTS) else HEADERS,
        cache="public, max-age=31536000, immutable" if lasting else "no-cache",
        tag=f'"{hashlib.sha256(plain).hexdigest()[:32]}"',
        plain=plain,
        gzip=_beside(path, ".gz"),
        brotli=_beside(path, ".br"),
    )


def _beside(path: Path, suffix: str) -> bytes | None:
    copy = path.with_name(path.name + suffix)
    return copy.read_bytes() if copy.is_file() else None
