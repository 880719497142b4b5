"""Reading JSON bodies and query parameters: every field has a parser, nothing else is taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from starlette.requests import Request

from server.dossier import formats
from server.errors import InvalidInput, Message

Parser = Callable[[Any], Any]
"""Takes a JSON value, returns what the route uses; `Wrong` when it is something else."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class Wrong(ValueError):
    """What was expected instead, for the field's message."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.vi = vi
        self.en = en


class Optional:
    """A field that may be left out or null; then it reads as None."""

    def __init__(self, parser: Parser) -> None:
        self.parser = parser


Fields = Mapping[str, Parser | Optional]


async def read_json(request: Request, fields: Fields) -> dict[str, Any]:
    """The body's fields, parsed. `InvalidInput` names the first wrong one: not_json_type,
    not_json, not_an_object, unknown_field, required, bad_value."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise InvalidInput(
            None,
            "not_json_type",
            Message("Cần Content-Type: application/json.", "Send Content-Type: application/json."),
        )
    try:
        body = orjson.loads(await request.body())
    except orjson.JSONDecodeError as error:
        raise InvalidInput(
            None,
            "not_json",
            Message(
                "Nội dung không phải JSON (UTF-8) hợp lệ. Hãy gửi lại.",
                "The body is not valid JSON in UTF-8. Send it again.",
            ),
        ) from error
    return check(body, fields)


def check(body: Any, fields: Fields, within: str = "") -> dict[str, Any]:
    """`read_json` for a value at hand; `within` is the path in front of the field names."""
    if not isinstance(body, dict):
        raise InvalidInput(
            within.rstrip(".") or None,
            "not_an_object",
            Message("Cần một đối tượng JSON.", "A JSON object is needed."),
        )
    for name in body.keys() - fields.keys():
        raise InvalidInput(
            f"{within}{name}"[:80],
            "unknown_field",
            Message(
                "Có trường không được biết đến. Hãy bỏ trường này rồi gửi lại.",
                "This field is not known. Leave it out and send again.",
            ),
        )
    return {name: _field(f"{within}{name}", body.get(name), kind) for name, kind in fields.items()}


def read_query(request: Request, fields: Fields) -> dict[str, Any]:
    """The query's parameters, parsed like a body; an empty one counts as left out."""
    return check({k: v for k, v in request.query_params.items() if v}, fields)


def path_id(request: Request, name: str) -> str:
    """A path parameter that is an id; everything else is a field error, never a look-up."""
    return str(_field(name, request.path_params[name], hex_id))


def _field(name: str, value: Any, kind: Parser | Optional) -> Any:
    if value is None:
        if isinstance(kind, Optional):
            return None
        raise InvalidInput(
            name,
            "required",
            Message("Thiếu thông tin này. Hãy bổ sung.", "This field is missing. Fill it in."),
        )
    try:
        return (kind.parser if isinstance(kind, Optional) else kind)(value)
    except InvalidInput as error:
        raise InvalidInput(f"{name}.{error.field}", error.code, error.message) from error
    except Wrong as error:
        message = Message(f"Không đúng dạng: cần {error.vi}.", f"Wrong value: {error.en} needed.")
        raise InvalidInput(name, "bad_value", message) from error


def pattern(expression: str, vi: str, en: str) -> Parser:
    compiled = re.compile(expression)

    def parse(value: Any) -> str:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            raise Wrong(vi, en)
        return value

    return parse


hex_id = pattern("[0-9a-f]{32}", "32 chữ số hex thường", "32 lower-case hex digits")
digest = pattern("[0-9a-f]{64}", "64 chữ số hex thường", "64 lower-case hex digits")
identity = pattern("[0-9]{12}", "12 chữ số của số định danh", "the 12 digits of an identity number")
claim = pattern("[A-Za-z0-9_-]{22}", "mã 22 ký tự trong mã QR", "the QR code's 22 characters")
point = pattern("[A-Za-z0-9_-]{87}", "khóa P-256 (65 byte)", "a P-256 point (65 bytes)")
token = pattern("[A-Za-z0-9_-]{43}", "mã 43 ký tự trong liên kết", "the link's 43-character token")
birth = pattern(
    "[0-9]{4}(-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?",
    "ngày sinh YYYY-MM-DD hoặc năm sinh YYYY",
    "a date of birth YYYY-MM-DD, or the year YYYY",
)


def slip(value: Any) -> str:
    """A slip code; blanks, hyphens and lower case are forgiven."""
    code = formats.slip(value) if isinstance(value, str) and len(value) <= 40 else None
    if code is None:
        raise Wrong("mã phiếu 8 ký tự", "the slip's 8 characters")
    return code


def text(limit: int) -> Parser:
    """A string of at most `limit` characters without control characters."""

    def parse(value: Any) -> str:
        if not isinstance(value, str) or len(value) > limit or _CONTROL.search(value):
            raise Wrong(f"chữ, tối đa {limit} ký tự", f"text of at most {limit} characters")
        return value

    return parse


def one_of(*choices: str) -> Parser:
    listed = ", ".join(choices)

    def parse(value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            raise Wrong(f"một trong: {listed}", f"one of {listed}")
        return value

    return parse


def obj_of(fields: Fields) -> Parser:
    """An object with these fields."""

    def parse(value: Any) -> dict[str, Any]:
        return check(value, fields)

    return parse


def number(low: int, high: int) -> Parser:
    def parse(value: Any) -> int:
        if type(value) is not int or not low <= value <= high:
            raise Wrong(f"số nguyên từ {low} đến {high}", f"a whole number {low} to {high}")
        return value

    return parse


def obj(value: Any) -> dict[str, Any]:
    """Any JSON object; whoever uses it checks what is inside."""
    if not isinstance(value, dict):
        raise Wrong("một đối tượng JSON", "a JSON object")
    return value


def list_of(fields: Fields, limit: int) -> Parser:
    """A list of at most `limit` objects with these fields."""

    def parse(value: Any) -> list[dict[str, Any]]:
        if not isinstance(value, list) or len(value) > limit:
            raise Wrong(f"danh sách tối đa {limit} mục", f"a list of at most {limit} items")
        return [check(item, fields, f"{i}.") for i, item in enumerate(value)]

    return parse
