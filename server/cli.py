"""The console script `doibang`."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import getpass
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import uvicorn

from server import (
    backup,
    certificate_commands,
    check_commands,
    pack_commands,
    reconcile,
    report_commands,
    staff,
)
from server.app import create_app
from server.auth import escrow
from server.auth.invitations import Invitations
from server.auth.keys import KeyRing
from server.container import build, open_record, utc_now
from server.errors import DoiBangError, NotFound
from server.ports import Clock
from server.record import dossiers, erasure
from server.settings import Settings

CANNOT = 2


def main(arguments: Sequence[str] | None = None, clock: Clock = utc_now) -> int:
    """Returns the exit status: 0 done, 1 `check` complains, 2 could not be done (said on stderr).
    `clock` is moved by the journeys only."""
    asked = _parser().parse_args(arguments)
    command: Callable[[Settings, argparse.Namespace, Clock], int] = asked.command
    try:
        return command(Settings.from_env(os.environ), asked, clock)
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # the boundary to a person: a sentence instead of a stack trace
        if asked.traceback:
            raise
        print(f"doibang {asked.name}: {_sentence(error)}", file=sys.stderr)
        return CANNOT


def _sentence(error: Exception) -> str:
    if isinstance(error, DoiBangError):
        return f"{error.message.vi}\n{error.message.en}"
    first = str(error).strip().partition("\n")[0]
    return f"{first or type(error).__name__}  (--traceback shows where)"


def _serve(settings: Settings, asked: argparse.Namespace, clock: Clock) -> int:
    with _listening(settings) as listener:
        app = create_app(settings, clock, asked.empty, _announce)
        # No access log: an officer's search is part of an address. No waiting for open feeds.
        config = uvicorn.Config(
            app,
            access_log=False,
            server_header=False,
            timeout_keep_alive=75,  # on a slow link a new connection costs more than a waiting one
            timeout_graceful_shutdown=3,
        )
        uvicorn.Server(config).run(sockets=[listener])
    return 0


def _listening(settings: Settings) -> socket.socket:
    """Bound first, so that a port in use is said before anything else happens."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        raise OSError(
            f"{settings.host}:{settings.port} cannot be listened on ({error.strerror}). Stop what"
            f" runs there, or choose another DOIBANG_PORT or DOIBANG_HOST."
        ) from error


def _announce(lines: Sequence[str]) -> None:
    print("\n".join(lines), flush=True)


def _worker(settings: Settings, asked: argparse.Namespace, clock: Clock) -> int:
    async def work() -> None:
        parts = build(settings, clock, "worker")
        running = asyncio.ensure_future(parts.worker.run())
        for ending in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(ending, running.cancel)
        try:
            await running
        except asyncio.CancelledError:
            return
        finally:
            await parts.close()

    asyncio.run(work())
    return 0


def _invite(settings: Settings, asked: argparse.Namespace, clock: Clock) -> int:
    async def make() -> str:
        record = open_record(settings)
        try:
            invitations = Invitations(record, clock, settings.origin)
            return await invitations.make(asked.role, asked.point, asked.person, "system:cli")
        finally:
            record.close()

    print(asyncio.run(make()))
    return 0


def _staff(settings: Settings, asked: argparse.Namespace, clock: Clock) -> int:
    record = open_record(settings)
    try:
        if account := asked.disable or asked.enable:
            staff.disable(record, account, clock(), again=asked.enable is not None)
        print("\n".join(staff.listed(record)))
    finally:
        record.close()
    return 0


def _migrate(settings: Settings, asked: argparse.Namespace, clock: Clock) -> int:
    open_record(settings).close()
    if asked.to:
        to = dataclasses.replace(settings, documents=asked.to.rstrip("/"))
        asyncio.run(backup.move_documents(settings, to, print))
        print(f"done. Serve with DOIBANG_DOCUMENTS={to.documents} from now on.")
    return 0


def _backup(settings: Settings, asked: argparse.Namespace, clock: Clock) -> int:
    asyncio.run(backup.back_up(settings, asked.folder.absolute(), clock, print))
    return 0


def _restore(settings: Settings, asked: argparse.Namespace, clock: Clock) -> int:
    if asked.prove:
        _, attachments = backup.prove(asked.folder)
        print(f"{asked.folder} is whole: {attachments} attachments")
    else:
        asyncio.run(backup.restore(settings, asked.folder, print))
    return 0


def _erase(settings: Settings, asked: argparse.Namespace, clock: Clock) -> int:
    record = open_record(settings)
    try:
        dossier = record.now(lambda conn: dossiers.by_code(conn, asked.dossier)) or asked.dossier
        begin = partial(erasure.begin, dossier=dossier, actor="system:cli", now=clock())
        if not record.now(begin):
            raise NotFound()
    finally:
        record.close()
    print("erased from the record; the running server erases its documents and tells the devices")
    return 0


def _reconcile(settings: Settings, asked: argparse.Namespace, clock: Clock) -> int:
    if asked.book and asked.statement is None:
        raise ValueError("--book needs a --statement")

    async def ask() -> reconcile.Day:
        parts = build(settings, clock, "reconcile")
        try:
            if parts.gateway is None:
                raise ValueError("no gateway is set; name a --statement")
            return await reconcile.by_asking(parts.record, parts.gateway, asked.day)
        finally:
            await parts.close()

    if asked.statement is None:
        found = asyncio.run(ask())
    else:
        statement = reconcile.read_statement(asked.statement.read_bytes(), asked.day)
        record = open_record(settings)
        try:
            if asked.book:
                print(f"{reconcile.book(record, statement, clock)} transfers booked")
            found = reconcile.by_statement(record, statement, asked.day)
        finally:
            record.close()
    print(reconcile.as_text(found))
    return 1 if found.differences else 0


def _refund(settings: Settings, asked: argparse.Namespace, clock: Clock) -> int:
    record = open_record(settings)
    try:
        record.now(partial(reconcile.give_back, code=asked.dossier, why=asked.reason, now=clock()))
    finally:
        record.close()
    print("noted; the running server asks the gateway to pay it back and tells the devices")
    return 0


def _keys_list(settings: Settings, asked: argparse.Namespace, clock: Clock) -> int:
    until = {key["kid"]: key["not_after"] for key in KeyRing(settings.keys, clock).public_keys()}
    bare = escrow.uncovered(settings.keys)
    for name in escrow.names(settings.keys):
        kid = name.removeprefix("intake-").removesuffix(".json")
        use = "wraps the dossiers at rest"
        if name.startswith("intake-"):
            use = f"phones seal to it until {until[kid]}" if kid in until else "opens old dossiers"
        print(f"{kid:<16}  {use}{'; in no escrow file' if name in bare else ''}")
    return 0


def _keys_rotate(settings: Settings, asked: argparse.Namespace, clock: Clock) -> int:
    key = KeyRing(settings.keys, clock).rotate()
    print(f"{key.kid}  is the intake key now; restart the server, then run: doibang keys export")
    return 0


def _keys_export(settings: Settings, asked: argparse.Namespace, clock: Clock) -> int:
    KeyRing(settings.keys, clock)  # makes the keys where there are none yet
    content = escrow.export(settings.keys, _passphrase(twice=True))
    descriptor = os.open(asked.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    escrow.noted(settings.keys)
    print(f"{asked.file} written. Keep it and the passphrase apart, and away from this machine.")
    return 0


def _keys_restore(settings: Settings, asked: argparse.Namespace, clock: Clock) -> int:
    names = escrow.restore(settings.keys, asked.file.read_bytes(), _passphrase(twice=False))
    escrow.noted(settings.keys)
    print(f"{len(names)} keys restored")
    return 0


def _passphrase(twice: bool) -> str:
    """Typed at a terminal, else the first line of the standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    while True:
        typed = getpass.getpass("Passphrase: ")
        if not twice or typed == getpass.getpass("Once more: "):
            return typed
        print("They differ.", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("doibang", description="Đổi Bằng, the server.")
    parser.add_argument("--traceback", action="store_true", help="show where an error came from")
    commands = parser.add_subparsers(dest="name", required=True)

    def command(
        name: str, run: Callable[[Settings, argparse.Namespace, Clock], int], text: str
    ) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(command=run)
        return added

    serve = command("serve", _serve, "Serves the app, the sync layer and the desk.")
    serve.add_argument("--empty", action="store_true", help="no sample dossiers at the first start")
    command("worker", _worker, "Works off the jobs without serving.")
    moved = command("migrate", _migrate, "Brings the record to the newest shape.")
    moved.add_argument(
        "--to",
        metavar="URL",
        help="also moves the embedded documents into this CouchDB (credentials as in serving);"
        " stop the server first",
    )
    gone = command("erase", _erase, "Erases one dossier for good; one under way is withdrawn.")
    gone.add_argument("dossier", help="its code or id")
    saved = command("backup", _backup, "Copies record and documents while they are in use.")
    saved.add_argument("folder", type=Path, help="a new folder; private keys are left out")
    back = command("restore", _restore, "Puts a backup into empty stores, after proving it.")
    back.add_argument("folder", type=Path)
    back.add_argument("--prove", action="store_true", help="only tells whether the backup is whole")
    invite = command("invite", _invite, "Prints a link that makes a staff account, once, for 24 h.")
    invite.add_argument("--role", required=True, choices=["clerk", "officer", "admin"])
    invite.add_argument("--point", help="the clerk's intake point, e.g. bn-08")
    invite.add_argument("--name", dest="person", help="shown in the journal and at the desk")
    known = command("staff", _staff, "Lists staff accounts; with an option first changes one.")
    change = known.add_mutually_exclusive_group()
    change.add_argument("--disable", metavar="ID", help="ends its sessions; it cannot sign in")
    change.add_argument("--enable", metavar="ID", help="it may sign in again")
    day = command(
        "reconcile", _reconcile, "Compares a day's fees with the provider; 1 where they differ."
    )
    day.add_argument("--day", required=True, type=date.fromisoformat, metavar="YYYY-MM-DD")
    day.add_argument(
        "--statement", type=Path, metavar="FILE.csv", help="else the gateway is asked one by one"
    )
    day.add_argument("--book", action="store_true", help="first takes in the bank's transfers")
    back = command("refund", _refund, "Has the gateway pay back a dossier's fee.")
    back.add_argument("dossier", help="its code")
    back.add_argument("--reason", required=True, help="for the journal; name nobody")
    keys = commands.add_parser("keys", help="The server's private keys.").add_subparsers(
        dest="action", required=True
    )
    keys.add_parser("list").set_defaults(command=_keys_list)
    keys.add_parser("rotate").set_defaults(command=_keys_rotate)
    for action, run in (("export", _keys_export), ("restore", _keys_restore)):
        added = keys.add_parser(action, help=f"{action} an escrow file under a passphrase")
        added.add_argument("file", type=Path)
        added.set_defaults(command=run)
    report_commands.add(commands)
    check_commands.add(commands)
    pack_commands.add(commands)
    certificate_commands.add(commands)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
