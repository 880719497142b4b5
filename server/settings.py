"""The settings: one table of DOIBANG_* variables that drives parsing, `doibang check` and README.

`Settings.from_env` reads the whole environment, collects every wrong or unknown variable and
raises one BadSettings that names them all.
"""

from __future__ import annotations

import dataclasses
import difflib
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from server.errors import BadSettings

CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Limits:
    """What the product accepts on the wire, in bytes. The engine alone has CouchDB's defaults."""

    document: int = 64 * 1024
    attachment: int = 32 * 1024
    request: int = 32 * 1024 * 1024
    quota: int = 20 * 1024 * 1024  # of an owner without an accepted submission


@dataclass(frozen=True)
class Settings:
    data: Path
    host: str = "127.0.0.1"
    port: int = 8000
    origin: str = "http://localhost:8000"
    documents: Path = Path("documents")
    record_url: str = field(default="sqlite://", repr=False)  # may hold a password
    approval: Literal["desk", "authority"] = "desk"
    agency: str = "H05.27"
    authority_url: str = ""
    authority_user: str = ""
    authority_password: str = field(default="", repr=False)
    authority_unit: str = ""
    registry_url: str = ""
    registry_user: str = ""
    registry_password: str = field(default="", repr=False)
    post_url: str = ""
    post_token: str = field(default="", repr=False)
    sandbox: bool = False
    limits: Limits = Limits()

    @property
    def keys(self) -> Path:
        """The folder of the private keys; backups leave it out."""
        return self.data / "keys"

    @property
    def secure(self) -> bool:
        return self.origin.startswith("https://")

    @property
    def demo(self) -> bool:
        """May one-time links open a clerk's or officer's session without a passkey?"""
        return self.sandbox and is_loopback(self.origin)

    @property
    def own_address(self) -> str:
        """Where this server reaches itself, for the sandbox's twins and the seed."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """`environ` is os.environ or the like. Raises BadSettings with every complaint."""
        complaints = _unknown(environ)
        parsed: dict[str, object] = {}
        for row in TABLE:
            text = environ.get(row.name, "").strip() or row.default
            for earlier, value in parsed.items():
                text = text.replace(f"<{earlier}>", str(value))
            try:
                parsed[row.field] = row.parse(text)
            except ValueError as wrong:
                complaints.append(f"{row.name}={'…' if row.secret else text}: {wrong}")
        if complaints:
            raise BadSettings(complaints)
        return _assemble(parsed)


def loopback_settings(data: Path, port: int, **changes: object) -> Settings:
    """The default run on another port and folder: the sandbox with its twins. For tests, the
    journeys and the pictures of the README."""
    environ = {"DOIBANG_DATA": str(data), "DOIBANG_PORT": str(port)}
    return dataclasses.replace(Settings.from_env(environ), **changes)  # type: ignore[arg-type]


def is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _unknown(environ: Mapping[str, str]) -> list[str]:
    known = [row.name for row in TABLE]
    complaints = []
    for name in sorted(set(environ) - set(known)):
        if name.startswith("DOIBANG_"):
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            complaints.append(f"{name}: no such setting{hint}")
    return complaints


def _assemble(parsed: dict[str, object]) -> Settings:
    """Settings that depend on one another: the sandbox fills in its twins' addresses and is
    refused away from loopback; without it every outside system in use must be named."""
    mode, origin = parsed.pop("sandbox"), str(parsed["origin"])
    sandbox = mode in ("on", "staging") or (mode == "" and is_loopback(origin))
    parsed["limits"] = Limits(**{key: parsed.pop(f"limit_{key}") for key in _LIMITS})  # type: ignore[arg-type]
    settings = Settings(**parsed, sandbox=sandbox)  # type: ignore[arg-type]
    if mode == "on" and not is_loopback(origin):
        raise BadSettings(
            [
                f"DOIBANG_SANDBOX=on: the sandbox opens desks to everyone and answers for outside"
                f" systems, so it needs a loopback origin, not {origin}. Set `off`, or `staging` if"
                f" this is a trial server."
            ]
        )
    if sandbox:
        return _with_twins(settings)
    needed = ["registry_url", "post_url"] + ["authority_url"] * (settings.approval == "authority")
    if missing := [row.name for row in TABLE if row.field in needed and not parsed[row.field]]:
        raise BadSettings([f"{name}: must be set when the sandbox is off" for name in missing])
    return settings


def _with_twins(settings: Settings) -> Settings:
    """Systems without an address are played by the sandbox, with its own credentials."""
    twins = f"{settings.own_address}/sandbox/twins"
    changes: dict[str, str] = {}
    if not settings.authority_url:
        changes |= {
            "authority_url": f"{twins}/authority",
            "authority_user": "doibang",
            "authority_password": "sandbox",
            "authority_unit": settings.authority_unit or settings.agency,
        }
    if not settings.registry_url:
        changes |= {
            "registry_url": f"{twins}/registry",
            "registry_user": "doibang",
            "registry_password": "sandbox",
        }
    if not settings.post_url:
        changes |= {"post_url": f"{twins}/post", "post_token": "sandbox"}
    return dataclasses.replace(settings, **changes)  # type: ignore[arg-type]


# How one value is read. A ValueError's text ends the complaint's sentence.


def _text(value: str) -> str:
    return value


def _path(value: str) -> Path:
    return Path(value).expanduser().absolute()


def _number(low: int, high: int) -> Callable[[str], object]:
    def parse(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(value)

    return parse


def _one_of(*choices: str) -> Callable[[str], object]:
    def parse(value: str) -> str:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(c for c in choices if c)}")
        return value

    return parse


def _origin(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must look like https://host or http://localhost:8000")
    if parts.path or parts.query or parts.fragment or parts.username:
        raise ValueError("must be scheme, host and port only, without a path or a final slash")
    if parts.scheme == "http" and not is_loopback(value):
        raise ValueError(
            "http is for localhost only: browsers give a page without TLS neither camera, passkeys"
            " nor offline work. Put a TLS proxy in front and name its https address"
        )
    return value.lower()


def _documents(value: str) -> Path:
    if "://" in value:
        raise ValueError(
            "a URL (CouchDB) is not supported in this version; give the path of a folder"
        )
    return _path(value)


def _record(value: str) -> str:
    scheme = value.partition("://")[0].partition("+")[0]
    if "://" not in value or scheme not in ("sqlite", "postgresql"):
        raise ValueError("must be an SQLAlchemy URL of SQLite or PostgreSQL")
    return value


def _url(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValueError("must be an http(s) address")
    return value.rstrip("/")


@dataclass(frozen=True)
class Row:
    """One setting. `default` may name earlier fields as <field>."""

    name: str
    field: str
    meaning: str
    default: str
    parse: Callable[[str], object] = _text
    secret: bool = False


_LIMITS = [f.name for f in dataclasses.fields(Limits)]
_KIB = "bytes; the phone cuts its photos to this, so raise it on both sides or not at all"

TABLE: tuple[Row, ...] = (
    Row("DOIBANG_DATA", "data", "folder of everything the server keeps", "var", _path),
    Row("DOIBANG_HOST", "host", "address to listen on", "127.0.0.1"),
    Row("DOIBANG_PORT", "port", "port to listen on", "8000", _number(1, 65535)),
    Row("DOIBANG_ORIGIN", "origin", "the address people open", "http://localhost:<port>", _origin),
    Row(
        "DOIBANG_DOCUMENTS",
        "documents",
        "replicated documents: folder of the SQLite file and its photo chunks",
        "<data>/documents",
        _documents,
    ),
    Row(
        "DOIBANG_RECORD",
        "record_url",
        "the record: SQLAlchemy URL of SQLite or PostgreSQL",
        "sqlite:///<data>/record.sqlite",
        _record,
        secret=True,
    ),
    Row(
        "DOIBANG_APPROVAL",
        "approval",
        "who decides: desk (our officer) or authority (the outside system)",
        "desk",
        _one_of("desk", "authority"),
    ),
    # H05 is Bắc Ninh of before 7/2025; which code the merged province keeps is unverified.
    Row("DOIBANG_AGENCY", "agency", "agency part of a dossier code", "H05.27"),
    Row("DOIBANG_AUTHORITY_URL", "authority_url", "licensing authority", "", _url),
    Row("DOIBANG_AUTHORITY_USER", "authority_user", "our user name there", ""),
    Row("DOIBANG_AUTHORITY_PASSWORD", "authority_password", "our password there", "", secret=True),
    Row("DOIBANG_AUTHORITY_UNIT", "authority_unit", "our unit code there (donViXuLy)", ""),
    Row("DOIBANG_REGISTRY_URL", "registry_url", "health-certificate registry", "", _url),
    Row("DOIBANG_REGISTRY_USER", "registry_user", "our user name there", ""),
    Row("DOIBANG_REGISTRY_PASSWORD", "registry_password", "our password there", "", secret=True),
    Row("DOIBANG_POST_URL", "post_url", "the post's booking and tracking", "", _url),
    Row("DOIBANG_POST_TOKEN", "post_token", "our token there", "", secret=True),
    Row(
        "DOIBANG_SANDBOX",
        "sandbox",
        "twins of the outside systems and the trial page: on, off, or staging (any origin);"
        " on by itself only with a loopback origin",
        "",
        _one_of("on", "off", "staging", ""),
    ),
    Row(
        "DOIBANG_LIMIT_DOCUMENT",
        "limit_document",
        "largest document, bytes",
        str(Limits.document),
        _number(1024, 8 << 20),
    ),
    Row(
        "DOIBANG_LIMIT_ATTACHMENT",
        "limit_attachment",
        f"largest sealed chunk, {_KIB}",
        str(Limits.attachment),
        _number(1024, 8 << 20),
    ),
    Row(
        "DOIBANG_LIMIT_REQUEST",
        "limit_request",
        "largest request, bytes",
        str(Limits.request),
        _number(1 << 16, 1 << 30),
    ),
    Row(
        "DOIBANG_LIMIT_QUOTA",
        "limit_quota",
        "bytes of an owner without an accepted submission",
        str(Limits.quota),
        _number(1 << 20, 1 << 30),
    ),
)
