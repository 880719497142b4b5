"""Staff accounts for the console: who there is, who may no longer sign in."""

from __future__ import annotations

from datetime import datetime

from server.errors import Message, NotFound
from server.record import journal, people
from server.record.columns import iso
from server.record.people import Staff
from server.record.store import Connection, Record

NO_SUCH_ACCOUNT = Message(
    "Không có tài khoản nhân viên này. `doibang staff` liệt kê các tài khoản.",
    "There is no such staff account. `doibang staff` lists them.",
)


def listed(record: Record) -> list[str]:
    """A line each: id, role, point, passkeys, name, and since when it is disabled."""
    return [_line(one) for one in record.now(people.staff)]


def disable(record: Record, account: str, now: datetime, again: bool = False) -> None:
    """Ends its sessions at once; `again` lets it sign in again. Its tablets go on sending what they
    hold, which a colleague can take over. `NotFound`."""

    def work(conn: Connection) -> None:
        known = any(one.account.id == account for one in people.staff(conn))
        if not known or not people.disable(conn, account, None if again else now):
            raise NotFound("not_found", NO_SUCH_ACCOUNT)
        action = "account_enabled" if again else "account_disabled"
        journal.write(conn, now, "system:cli", action, None, {"account": account})

    record.now(work)


def _line(one: Staff) -> str:
    account = one.account
    keys = f"{one.passkeys} passkey" + ("" if one.passkeys == 1 else "s")
    parts = [account.id, f"{account.role:<8}", f"{account.point or '-':<6}", keys]
    parts.append(account.name or "")
    if one.disabled_at:
        parts.append(f"(disabled {iso(one.disabled_at)})")
    return "  ".join(parts).rstrip()
