"""Pushed: what an outside decider tells of itself, beside being asked.

Whichever comes first, the push or the answer to a question, moves the dossier; the other changes
nothing. Who pushes is answered so that it knows whether to come again: an error with `after` is
for later, every other is final.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Final, Literal

from server.auth.access import Vaulted
from server.errors import (
    Conflict,
    InvalidInput,
    Message,
    NotFound,
    Refused,
    SignInNeeded,
    Unavailable,
)
from server.flow import decided as taken
from server.flow.decided import OUTCOMES
from server.ports import Clock, DecisionNotice, DecisionNotices, SignedRequest
from server.record import decisions, dossiers, journal, rate_limits
from server.record.dossiers import Dossier
from server.record.store import Connection, Record

ACTOR = "system:pushed"
Answer = Literal["taken", "known", "noted"]
"""`known`: this decision was here before; `noted`: there is none yet."""
NONCES = timedelta(minutes=15)
"""How long a nonce is remembered: longer than a signature is good for, either way of now."""
SOON, WHEN_RESUMED = 60.0, 3600.0
UNSIGNED: Final = {
    "signature_missing": Message(
        "Thiếu chữ ký, hoặc chữ ký không theo dạng đã thống nhất.",
        "There is no signature, or not in the agreed form.",
    ),
    "signature_key": Message(
        "Không biết khóa ký này, hoặc khóa đã hết hạn dùng.",
        "The signing key is not known, or not in force.",
    ),
    "signature_stale": Message(
        "Chữ ký đã cũ hoặc ở tương lai. Kiểm tra đồng hồ rồi ký lại.",
        "The signature is too old or in the future. Check the clock and sign again.",
    ),
    "signature_digest": Message(
        "Nội dung không khớp Content-Digest đã ký.",
        "The body does not match the signed Content-Digest.",
    ),
    "signature_wrong": Message("Chữ ký không đúng.", "The signature is not right."),
    "signature_replayed": Message(
        "Chữ ký này đã dùng rồi. Ký lại với nonce mới.",
        "This signature was used before. Sign again with a new nonce.",
    ),
}
UNKNOWN = Message(
    "Không có hồ sơ nào được chuyển với khoaYeuCau này.",
    "No dossier was handed over under this khoaYeuCau.",
)
NOT_YET = Message(
    "Hồ sơ chưa ở trạng thái chờ quyết định. Hãy báo lại sau.",
    "The dossier does not wait for a decision yet. Tell it again later.",
)
NOT_AWAITED = Message(
    "Hồ sơ không còn chờ quyết định này. Không cần báo lại.",
    "The dossier does not wait for this decision any more. Do not send it again.",
)
OTHERWISE = Message(
    "Hồ sơ này đã có quyết định khác. Cán bộ sẽ liên hệ; không cần báo lại.",
    "This dossier was decided otherwise before. A person will ask; do not send it again.",
)


class Pushed:
    def __init__(
        self,
        record: Record,
        vaulted: Vaulted,
        notices: DecisionNotices,
        clock: Clock,
        woken: Callable[[], None],
    ) -> None:
        self._record = record
        self._vaulted = vaulted
        self._notices = notices
        self._clock = clock
        self._woken = woken

    async def told(self, request: SignedRequest) -> Answer:
        """SignInNeeded signature_…; InvalidInput malformed; else as `take`."""
        now = self._clock()
        try:
            notice = self._notices.notice(request, now)
        except Refused as refused:
            raise SignInNeeded(refused.reason, UNSIGNED[refused.reason]) from None
        except Unavailable as wrong:
            vi, en = f"Nội dung sai ({wrong.detail}).", f"The body is wrong ({wrong.detail})."
            raise InvalidInput(None, "malformed", Message(vi, en)) from None
        seen = f"nonce:{sha256(notice.nonce.encode()).hexdigest()[:32]}"
        before = await self._record.run(lambda conn: rate_limits.hit(conn, seen, 1, NONCES, now))
        if before is not None:
            raise SignInNeeded("signature_replayed", UNSIGNED["signature_replayed"])
        return await self.take(notice)

    async def take(self, notice: DecisionNotice) -> Answer:
        """NotFound unknown; Conflict decided_otherwise and not_awaited (final), not_yet (after)."""
        while True:
            dossier, standing = await self._record.read(partial(_standing, notice=notice))
            decided = notice.decided
            if decided is None:
                return "noted"
            if isinstance(standing, Conflict):
                await self._record.run(partial(self._note, dossier=dossier, refused=standing))
                raise standing
            if standing == "known":
                return "known"
            try:
                await taken.take(
                    self._record, self._vaulted, self._clock(), dossier, decided, told="pushed"
                )
            except Conflict:
                continue  # somebody else moved it just now
            self._woken()
            return "taken"

    def _note(self, conn: Connection, dossier: Dossier, refused: Conflict) -> None:
        """A decision that came and does not count is for a person to read."""
        if refused.after is None:
            detail = {"why": refused.code, "state": dossier.state}
            journal.write(conn, self._clock(), ACTOR, "push_refused", dossier.id, detail)


def _standing(
    conn: Connection, notice: DecisionNotice
) -> tuple[Dossier, Conflict | Literal["known", "awaited"]]:
    """What the decision means for the dossier as it is now."""
    name, _, rest = notice.key.partition(":approval:")
    n = int(rest) if rest.isascii() and rest.isdigit() and len(rest) < 6 else 0
    row = dossiers.find(conn, name)
    if row is None or row.approval == "desk" or not row.wrapped_key or not 1 <= n <= row.n:
        raise NotFound("unknown", UNKNOWN)
    made, decided = decisions.latest(conn, name, n), notice.decided
    if made is not None:
        same = decided is not None and made.outcome == OUTCOMES[decided.outcome]
        return row, "known" if same else Conflict("decided_otherwise", OTHERWISE)
    if n == row.n and row.state == "forwarded":
        return row, "awaited"
    if n == row.n and row.state == "parked":
        return row, Conflict("not_yet", NOT_YET, after=WHEN_RESUMED)
    if n == row.n and row.state in ("received", "waiting", "validated"):
        return row, Conflict("not_yet", NOT_YET, after=SOON)
    return row, Conflict("not_awaited", NOT_AWAITED)
