"""Every error of the server, named by what its reader does next.

    DoiBangError(code, message)
    ├── InvalidInput(field, code, message)   the sender corrects that field and sends again
    ├── NotFound                             there is nothing under this name, or not for you
    ├── SignInNeeded(code)                   sign in (again), then repeat
    ├── Forbidden(code)                      not yours to do; ask somebody who may
    ├── Conflict(code)                       the state moved on; read it again and decide anew
    ├── TooMany(after)                       the same request, after that many seconds
    ├── Unreadable(code)                     sealed bytes that do not open; the device seals again
    ├── BadSettings(complaints)              the administrator corrects the environment and restarts
    └── PortError                            an outside system; the worker decides
        ├── Unavailable                      retry with backoff
        ├── Throttled(after)                 retry after that many seconds
        ├── Refused(reason, text)            final; shown to a person
        └── Duplicate(reference)             it was done before; counts as done

`code` is stable and machine-read (`urn:doibang:problem:<code>`); `message` is what a person reads.
Nothing below this line holds personal data, so every error may be logged as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """The same sentence in both languages: what is wrong, why, and what to do."""

    vi: str
    en: str


class DoiBangError(Exception):
    """The root. Raised as one of the leaves only."""

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(f"{code}: {message.en}")
        self.code = code
        self.message = message


class InvalidInput(DoiBangError):
    """A field is missing, malformed or contradicts another. `field` is its path (`answers.phone`),
    None when the whole body is meant."""

    def __init__(self, field: str | None, code: str, message: Message) -> None:
        super().__init__(code, message)
        self.field = field


NOTHING_HERE = Message(
    "Không tìm thấy. Kiểm tra lại đường dẫn hoặc mã đã nhập.",
    "Not found. Check the address or the code that was typed.",
)


class NotFound(DoiBangError):
    def __init__(self, code: str = "not_found", message: Message = NOTHING_HERE) -> None:
        super().__init__(code, message)


SIGN_IN = Message(
    "Cần đăng nhập để tiếp tục. Những gì đã nhập vẫn được giữ.",
    "Sign in to continue. What you entered is kept.",
)


class SignInNeeded(DoiBangError):
    def __init__(self, code: str = "sign_in", message: Message = SIGN_IN) -> None:
        super().__init__(code, message)


NOT_YOURS = Message(
    "Tài khoản này không được làm việc này.",
    "This account may not do this.",
)


class Forbidden(DoiBangError):
    def __init__(self, code: str = "forbidden", message: Message = NOT_YOURS) -> None:
        super().__init__(code, message)


MOVED_ON = Message(
    "Hồ sơ đã thay đổi. Tải lại rồi thử lại.",
    "The dossier has changed. Load it again and decide anew.",
)


class Conflict(DoiBangError):
    """`after`: seconds until the same request may succeed; None when it never will."""

    def __init__(self, code: str, message: Message = MOVED_ON, after: float | None = None) -> None:
        super().__init__(code, message)
        self.after = after


class TooMany(DoiBangError):
    """`after`: seconds until the next attempt can succeed."""

    def __init__(self, after: float) -> None:
        wait = max(1, round(after))
        super().__init__(
            "too_many",
            Message(
                f"Quá nhiều lần thử. Thử lại sau {wait} giây.",
                f"Too many attempts. Try again in {wait} seconds.",
            ),
        )
        self.after = after


UNREADABLE = Message(
    "Không mở được dữ liệu đã niêm phong. Mở lại hồ sơ trên máy rồi gửi lại.",
    "The sealed data does not open. Open the dossier on the device and send it again.",
)


class Unreadable(DoiBangError):
    def __init__(self, code: str = "unreadable", message: Message = UNREADABLE) -> None:
        super().__init__(code, message)


class BadSettings(DoiBangError):
    """`complaints`: one line for each wrong setting, so that all are corrected in one go."""

    def __init__(self, complaints: Sequence[str]) -> None:
        lines = "\n".join(f"  - {complaint}" for complaint in complaints)
        super().__init__(
            "bad_settings",
            Message(f"Cấu hình sai:\n{lines}", f"The settings are wrong:\n{lines}"),
        )
        self.complaints = tuple(complaints)


class PortError(DoiBangError):
    """An outside system did not do what was asked. Connectors raise nothing else."""


class Unavailable(PortError):
    """No connection, no answer in time, an answer that makes no sense, or our credentials were not
    accepted. Whether the request was done is unknown: repeat it under the same key.
    `detail` is for the journal and the officer, never for an applicant."""

    def __init__(self, system: str, detail: str) -> None:
        super().__init__(
            "unavailable",
            Message(
                f"Chưa liên lạc được với hệ thống {system} ({detail}). Sẽ tự thử lại.",
                f"The system {system} cannot be reached ({detail}). It will be tried again.",
            ),
        )
        self.system = system
        self.detail = detail


class Throttled(PortError):
    """The system asks for fewer requests. `after`: seconds."""

    def __init__(self, system: str, after: float) -> None:
        super().__init__(
            "throttled",
            Message(
                f"Hệ thống {system} đang quá tải. Sẽ thử lại sau {after:.0f} giây.",
                f"The system {system} is busy. It will be tried again in {after:.0f} seconds.",
            ),
        )
        self.system = system
        self.after = after


class Refused(PortError):
    """A final no. `reason` is the system's stable code, `text` its own sentence."""

    def __init__(self, system: str, reason: str, text: str = "") -> None:
        super().__init__(
            "refused",
            Message(
                f"Hệ thống {system} từ chối: {text or reason}",
                f"The system {system} refused: {text or reason}",
            ),
        )
        self.system = system
        self.reason = reason
        self.text = text


class Duplicate(PortError):
    """The system has done this under the same key before. `reference` is what it gave then, where
    its answer names it."""

    def __init__(self, system: str, reference: str | None = None) -> None:
        super().__init__(
            "duplicate",
            Message(
                f"Hệ thống {system} đã nhận yêu cầu này trước đó.",
                f"The system {system} has this request already.",
            ),
        )
        self.system = system
        self.reference = reference
