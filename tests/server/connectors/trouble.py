"""A twin whose wire can fail in every way that a real system's does."""

from __future__ import annotations

from typing import Any, Literal

Mode = Literal[
    "", "slow", "error", "reset", "reply_lost", "not_json", "wrong_shape", "huge", "throttled"
]


class Trouble:
    """ASGI. `mode` is played on requests whose path ends with `path`, `times` times; the others
    and the rest reach the twin."""

    def __init__(self, twin: Any) -> None:
        self._twin = twin
        self.play("")

    def play(self, mode: Mode, path: str = "", times: int = 1_000_000) -> None:
        self._mode, self._path, self._times = mode, path, times

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if not self._mode or not scope["path"].endswith(self._path) or not self._times:
            await self._twin(scope, receive, send)
            return
        self._times -= 1
        match self._mode:
            case "slow":
                while (await receive())["type"] != "http.disconnect":
                    pass
            case "reply_lost":
                await self._twin(scope, receive, _Cut(send))
            case "reset":
                await _answer(send, 200, b'{"error_code": "0", "MSG_', length=5000, more=True)
            case "error":
                await _answer(send, 502, b"<html>Bad gateway</html>")
            case "throttled":
                await _answer(send, 429, b"{}", {b"retry-after": b"7"})
            case "not_json":
                await _answer(send, 200, b"<html>It works!</html>")
            case "wrong_shape":
                await _answer(send, 200, b'{"error_code": 0, "MSG_STATE": [], "events": 7}')
            case "huge":
                await _answer(send, 200, b'{"a": "' + b"x" * (5 << 20) + b'"}')


class _Cut:
    """Lets the status leave, then nothing: what follows was done but is never told."""

    def __init__(self, send: Any) -> None:
        self._send = send

    async def __call__(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            await self._send(message)
        else:
            await self._send({**message, "body": message["body"][:1], "more_body": True})


async def _answer(
    send: Any,
    status: int,
    body: bytes,
    headers: dict[bytes, bytes] | None = None,
    length: int = 0,
    more: bool = False,
) -> None:
    size = {b"content-length": str(length or len(body)).encode()}
    listed = list(({**size, **(headers or {})}).items())
    await send({"type": "http.response.start", "status": status, "headers": listed})
    await send({"type": "http.response.body", "body": body, "more_body": more})
