"""Errors as RFC 9457 problem documents, in Vietnamese and English, with a stable code."""

from __future__ import annotations

import logging
import math
import traceback
from collections.abc import Mapping

import orjson
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server import errors
from server.errors import DoiBangError
from server.errors import Message as Text
from sync.model import SyncError

log = logging.getLogger("doibang.web")

STATUS: Mapping[type[DoiBangError], int] = {
    errors.InvalidInput: 400,
    errors.NotFound: 404,
    errors.SignInNeeded: 401,
    errors.Forbidden: 403,
    errors.Conflict: 409,
    errors.TooMany: 429,
    errors.Unreadable: 422,
    errors.PortError: 503,
}
STATUS_OF_CODE = {"too_large": 413, "not_json_type": 415, "not_utf8": 400}

TITLES = {
    400: Text("Dữ liệu không hợp lệ", "The request is not valid"),
    401: Text("Cần đăng nhập", "Sign in needed"),
    403: Text("Không được phép", "Not allowed"),
    404: Text("Không tìm thấy", "Not found"),
    405: Text("Không hỗ trợ thao tác này", "Method not allowed"),
    409: Text("Hồ sơ đã thay đổi", "The state has changed"),
    413: Text("Dữ liệu quá lớn", "Too large"),
    415: Text("Sai kiểu dữ liệu", "Wrong content type"),
    422: Text("Không đọc được dữ liệu", "Unreadable data"),
    429: Text("Quá nhiều lần thử", "Too many attempts"),
    500: Text("Lỗi máy chủ", "Server error"),
    503: Text("Tạm thời chưa phục vụ được", "Not available now"),
}
UNEXPECTED = Text(
    "Máy chủ gặp lỗi ngoài dự kiến. Những gì đã nhập vẫn còn trên máy của bạn; hãy thử lại sau.",
    "The server met an unexpected error. What you entered is still on your device; try again"
    " later.",
)
NOT_NOW = Text(
    "Kho dữ liệu tạm thời chưa sẵn sàng. Hãy thử lại sau ít phút.",
    "The store is not available now. Try again in a few minutes.",
)
NO_SUCH_METHOD = Text(
    "Địa chỉ này không nhận thao tác đó.", "This address does not take that method."
)


def problem(
    status: int,
    code: str,
    message: Text,
    field: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer to an error. `title` is Vietnamese first, as everywhere."""
    body: dict[str, object] = {
        "type": f"urn:doibang:problem:{code}",
        "title": TITLES[status].vi,
        "status": status,
        "code": code,
        "message": {"vi": message.vi, "en": message.en},
    }
    if field is not None:
        body["field"] = field
    return Response(
        orjson.dumps(body),
        status,
        {"cache-control": "no-store", **(headers or {})},
        "application/problem+json",
    )


def of_error(error: DoiBangError) -> Response:
    """The problem document of one of the server's own errors."""
    by_type = next((s for kind, s in STATUS.items() if isinstance(error, kind)), 500)
    status = STATUS_OF_CODE.get(error.code, by_type)
    field = error.field if isinstance(error, errors.InvalidInput) else None
    headers: dict[str, str] = {}
    if isinstance(error, errors.TooMany | errors.Throttled | errors.Conflict) and error.after:
        headers["retry-after"] = str(math.ceil(max(1, error.after)))
    return problem(status, error.code, error.message, field, headers)


class Problems:
    """ASGI middleware: every exception of what it wraps becomes a problem document. The log gets
    an unexpected one's type and places only, for its text may hold what a person typed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            return
        except DoiBangError as error:
            answer = of_error(error)
        except SyncError as error:
            known = error.status in TITLES and error.status != 500
            answer = problem(error.status if known else 503, error.error, NOT_NOW)
        except Exception as error:  # the last resort: nothing passes as a stack trace
            log.error("unexpected %s at %s", type(error).__name__, places(error))
            answer = problem(500, "unexpected", UNEXPECTED)
        else:
            return
        if not started:
            await answer(scope, receive, send)


def places(error: BaseException) -> str:
    """Where an exception came through, innermost last: `file:line in function`, no values."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    return " < ".join(f"{f.filename.rpartition('/')[2]}:{f.lineno} {f.name}" for f in frames)
