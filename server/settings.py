"""The settings in force, read from the DOIBANG_* variables of settings_table.py.

`Settings.from_env` reads the whole environment, collects every wrong or unknown variable and
raises one BadSettings that names them all.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from server.dossier.notices import QuietHours
from server.errors import BadSettings
from server.settings_table import LIMITS, TABLE, Limits, is_loopback

WHOLE: Mapping[str, tuple[str, ...]] = {
    "VNPay": ("vnpay_page", "vnpay_api", "vnpay_terminal", "vnpay_secret"),
    "SMS": ("sms_url", "sms_token", "sms_brand"),
    "Zalo": ("zns_url", "zns_templates"),
    "OpenID": ("oidc_issuer", "oidc_client", "oidc_secret"),
}
"""What is set as a whole or not at all."""
CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    data: Path
    host: str = "127.0.0.1"
    port: int = 8000
    origin: str = "http://localhost:8000"
    documents: str | Path = Path("documents")
    couchdb_credentials: Path = Path("couchdb-credentials")
    record_url: str = field(default="sqlite://", repr=False)  # may hold a password
    approval: Literal["desk", "authority"] = "desk"
    agency: str = "H05.27"
    authority_url: str = ""
    authority_user: str = ""
    authority_password: str = field(default="", repr=False)
    authority_unit: str = ""
    authority_keys: Path | None = None
    registry_url: str = ""
    registry_user: str = ""
    registry_password: str = field(default="", repr=False)
    certificate_keys: Path | None = None
    portal_url: str = ""
    portal_client: str = ""
    portal_secret: str = field(default="", repr=False)
    portal_unit: str = ""
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret: str = field(default="", repr=False)
    oidc_claim: str = "identity_number"
    post_url: str = ""
    post_token: str = field(default="", repr=False)
    vnpay_page: str = ""
    vnpay_api: str = ""
    vnpay_terminal: str = ""
    vnpay_secret: str = field(default="", repr=False)
    vietqr: str = ""
    push_services: str = ""
    push_contact: str = ""
    sms_url: str = ""
    sms_token: str = field(default="", repr=False)
    sms_brand: str = ""
    zns_url: str = ""
    zns_token_file: Path = Path("zns-token")
    zns_templates: str = ""
    quiet_hours: QuietHours = field(default_factory=QuietHours)
    notices_a_day: int = 3
    sandbox: bool = False
    keep_days: int | None = None
    limits: Limits = field(default_factory=Limits)

    @property
    def keys(self) -> Path:
        """The folder of the private keys; backups leave it out."""
        return self.data / "keys"

    def couchdb(self) -> tuple[str, str, str]:
        """Address, name and password of the CouchDB in `documents`. Raises BadSettings."""
        file = self.couchdb_credentials
        try:
            name, colon, password = file.read_text(encoding="utf-8").strip().partition(":")
        except OSError as error:
            why = f"{file} cannot be read ({error.strerror})"
            raise BadSettings([f"DOIBANG_COUCHDB_CREDENTIALS: {why}"]) from None
        if not (name and colon and password):
            raise BadSettings([f"DOIBANG_COUCHDB_CREDENTIALS: {file} must hold NAME:PASSWORD"])
        return str(self.documents), name, password

    @property
    def secure(self) -> bool:
        return self.origin.startswith("https://")

    @property
    def demo(self) -> bool:
        """May one-time links open a clerk's or officer's session without a passkey? Only where
        nobody but this machine can ask: an origin is easily claimed by who is no browser."""
        address = f"//[{self.host}]" if ":" in self.host else f"//{self.host}"
        return self.sandbox and is_loopback(self.origin) and is_loopback(address)

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
                shown = "…" if row.secret or "@" in text else text  # may hold a password
                complaints.append(f"{row.name}={shown}: {wrong}")
        if complaints:
            raise BadSettings(complaints)
        return _assemble(parsed)


def loopback_settings(data: Path, port: int, **changes: object) -> Settings:
    """The default run on another port and folder: the sandbox with its twins. For tests, the
    journeys and the pictures of the README."""
    environ = {"DOIBANG_DATA": str(data), "DOIBANG_PORT": str(port)}
    return dataclasses.replace(Settings.from_env(environ), **changes)  # type: ignore[arg-type]


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
    parsed["limits"] = Limits(**{key: parsed.pop(f"limit_{key}") for key in LIMITS})  # type: ignore[arg-type]
    settings = Settings(**parsed, sandbox=sandbox)  # type: ignore[arg-type]
    if mode == "on" and not is_loopback(origin):
        raise BadSettings(
            [
                f"DOIBANG_SANDBOX=on: the sandbox opens desks to everyone and answers for outside"
                f" systems, so it needs a loopback origin, not {origin}. Set `off`, or `staging` if"
                f" this is a trial server."
            ]
        )
    for whole, fields in WHOLE.items():
        given = [row for row in TABLE if row.field in fields]
        empty = [row.name for row in given if not parsed[row.field]]
        if 0 < len(empty) < len(given):
            raise BadSettings([f"{name}: must be set when {whole} is used" for name in empty])
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
    if not settings.oidc_issuer:
        changes |= {
            "oidc_issuer": f"{twins}/identity",
            "oidc_client": "doibang",
            "oidc_secret": "sandbox",
        }
    if not settings.vnpay_page:
        changes |= {
            "vnpay_page": f"{settings.origin}/sandbox/twins/vnpay/paymentv2/vpcpay.html",
            "vnpay_api": f"{twins}/vnpay/merchant_webapi/api/transaction",
            "vnpay_terminal": "DOIBANG1",
            "vnpay_secret": "sandbox",
            "vietqr": settings.vietqr or "970436/0000000000",
        }
    if not settings.sms_url:
        changes |= {"sms_url": f"{twins}/sms", "sms_token": "sandbox", "sms_brand": "DOIBANG"}
    changes["push_services"] = f"{settings.push_services} {twins}/push".strip()
    if not settings.zns_url:
        changes |= {"zns_url": f"{twins}/zns", "zns_templates": "100001/100002"}
        token = settings.data / "sandbox" / "zns-token"
        settings = dataclasses.replace(settings, zns_token_file=token)
    return dataclasses.replace(settings, **changes)  # type: ignore[arg-type]
