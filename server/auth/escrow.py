"""The escrow of the private keys: one file under a passphrase, kept away from the server.

Without it a lost disk means that nothing sealed can be read again, backups included, because
backups leave the keys out. Scrypt (RFC 7914) makes the key, AES-256-GCM seals the files.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from server.auth.sealing import b64u, unb64u
from server.errors import InvalidInput, Message

FORMAT = "doibang-escrow/1"
SHORTEST = 12  # characters of a passphrase
_N, _R, _P = 1 << 17, 8, 1  # 128 MiB and about half a second
_NOTE = "escrow-made.json"

TOO_SHORT = Message(
    f"Cụm mật khẩu phải có ít nhất {SHORTEST} ký tự.",
    f"The passphrase must have at least {SHORTEST} characters.",
)
NOT_OPENED = Message(
    "Cụm mật khẩu sai, hoặc đây không phải tệp ký gửi khóa.",
    "The passphrase is wrong, or this is no escrow file.",
)
OTHER_KEYS = Message(
    "Thư mục đã có khóa khác cùng tên. Phục hồi vào một thư mục dữ liệu trống.",
    "The folder holds different keys of the same name. Restore into an empty data folder.",
)


def export(directory: Path, passphrase: str) -> bytes:
    """The escrow file with all keys of the directory. Call `noted` once it is on a disk."""
    if len(passphrase) < SHORTEST:
        raise InvalidInput("passphrase", "too_short", TOO_SHORT)
    files = {path.name: path.read_text("ascii") for path in _key_files(directory)}
    salt, nonce = os.urandom(16), os.urandom(12)
    sealed = AESGCM(_key(passphrase, salt)).encrypt(
        nonce, json.dumps(files).encode(), FORMAT.encode()
    )
    content = {"format": FORMAT, "salt": b64u(salt), "sealed": b64u(nonce + sealed)}
    return json.dumps(content, indent=1).encode() + b"\n"


def noted(directory: Path) -> None:
    """Remembers which keys an escrow file that was written holds."""
    (directory / _NOTE).write_text(json.dumps(names(directory)), "ascii")


def names(directory: Path) -> list[str]:
    """File names of all keys: those that phones seal to, and the one of the record."""
    return [path.name for path in _key_files(directory)]


def uncovered(directory: Path) -> list[str]:
    """Names of the keys that no escrow file holds yet."""
    note = directory / _NOTE
    covered = set(json.loads(note.read_text("ascii"))) if note.exists() else set()
    return [name for name in names(directory) if name not in covered]


def restore(directory: Path, content: bytes, passphrase: str) -> list[str]:
    """Writes the keys of an escrow file into the directory and names them. Keys that are there
    already must be the same."""
    files = _opened(content, passphrase)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, text in files.items():
        path = directory / name
        if path.exists() and path.read_text("ascii") != text:
            raise InvalidInput("file", "other_keys", OTHER_KEYS)
    for name, text in files.items():
        handle = os.open(directory / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    return sorted(files)


def _opened(content: bytes, passphrase: str) -> Mapping[str, str]:
    try:
        outer = json.loads(content)
        salt, sealed = unb64u(outer["salt"]), unb64u(outer["sealed"])
        plain = AESGCM(_key(passphrase, salt)).decrypt(sealed[:12], sealed[12:], FORMAT.encode())
        files: dict[str, str] = json.loads(plain)
    except (ValueError, KeyError, TypeError, InvalidTag):
        raise InvalidInput("file", "not_opened", NOT_OPENED) from None
    return files


def _key_files(directory: Path) -> list[Path]:
    return [path for path in sorted(directory.glob("*.json")) if path.name != _NOTE]


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=_N, r=_R, p=_P).derive(passphrase.encode())
