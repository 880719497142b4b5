"""Every DOIBANG_* variable: the one table that drives parsing, `doibang check` and the README."""

from __future__ import annotations

import dataclasses
import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from server.dossier.notices import QuietHours


@dataclass(frozen=True)
class Limits:
    """What the product accepts on the wire, in bytes. The engine alone has CouchDB's defaults."""

    document: int = 64 * 1024
    attachment: int = 32 * 1024
    request: int = 32 * 1024 * 1024
    quota: int = 20 * 1024 * 1024  # of an owner without an accepted submission


@dataclass(frozen=True)
class Row:
    """One setting. `default` may name earlier fields as <field>."""

    name: str
    field: str
    meaning: str
    default: str
    parse: Callable[[str], object] = str
    secret: bool = False


def is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


# How one value is read. A ValueError's text ends the complaint's sentence.


def _path(value: str) -> Path:
    return Path(value).expanduser().absolute()


def _number(low: int, high: int) -> Callable[[str], object]:
    def parse(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(value)

    return parse


def _days(value: str) -> object:
    return _number(1, 36500)(value) if value else None


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


def _documents(value: str) -> str | Path:
    """The address of a CouchDB, or the path of an SQLite file."""
    if "://" not in value:
        return _path(value)
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be the path of an SQLite file or the http(s) address of a CouchDB")
    if parts.username or parts.password:
        raise ValueError("must not hold the password; put NAME:PASSWORD into the credentials file")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("must be scheme, host and port of a CouchDB, without a path")
    return value.rstrip("/")


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


def _issuer(value: str) -> str:
    """As the provider writes it, for it is compared letter by letter."""
    parts = urlsplit(value)
    if not value or (parts.scheme == "https" and parts.hostname and not parts.query):
        return value
    if parts.scheme == "http" and is_loopback(value):
        return value
    raise ValueError("must be an https address without a query")


def _services(value: str) -> str:
    if value == "off":
        return ""
    for name in value.split():
        if not re.fullmatch(r"(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}", name):
            raise ValueError("must be host names with blanks between, *. in front for all below")
    return value


def _contact(value: str) -> str:
    if not re.fullmatch(r"mailto:[^@\s]+@[^@\s]+|https?://\S+", value):
        raise ValueError("must be mailto:somebody@somewhere or an https address")
    return value


def _templates(value: str) -> str:
    if value and not re.fullmatch(r"[0-9A-Za-z]+/[0-9A-Za-z]+", value):
        raise ValueError("must be NEWS/ACT, the ids of two approved templates")
    return value


def _account(value: str) -> str:
    if value and not re.fullmatch(r"[0-9]{6}/[0-9A-Za-z]{1,19}", value):
        raise ValueError("must be BANK/ACCOUNT, for example 970436/0123456789")
    return value


LIMITS = [f.name for f in dataclasses.fields(Limits)]
_KIB = "bytes; the phone cuts its photos to this, so raise it on both sides or not at all"

TABLE: tuple[Row, ...] = (
    Row("DOIBANG_DATA", "data", "folder of everything the server keeps", "var", _path),
    Row("DOIBANG_HOST", "host", "address to listen on", "127.0.0.1"),
    Row("DOIBANG_PORT", "port", "port to listen on", "8000", _number(1, 65535)),
    Row("DOIBANG_ORIGIN", "origin", "the address people open", "http://localhost:<port>", _origin),
    Row(
        "DOIBANG_DOCUMENTS",
        "documents",
        "replicated documents: SQLite file, photo chunks beside it; or the address of a CouchDB 3",
        "<data>/documents.sqlite",
        _documents,
    ),
    Row(
        "DOIBANG_COUCHDB_CREDENTIALS",
        "couchdb_credentials",
        "file with NAME:PASSWORD of that CouchDB's administrator",
        "<data>/couchdb-credentials",
        _path,
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
    Row(
        "DOIBANG_AUTHORITY_KEYS",
        "authority_keys",
        "the keys with which it signs the decisions that it pushes; without the file none is taken",
        "<data>/authority-keys.json",
        _path,
    ),
    Row("DOIBANG_REGISTRY_URL", "registry_url", "health-certificate registry", "", _url),
    Row("DOIBANG_REGISTRY_USER", "registry_user", "our user name there", ""),
    Row("DOIBANG_REGISTRY_PASSWORD", "registry_password", "our password there", "", secret=True),
    Row(
        "DOIBANG_CERTIFICATE_KEYS",
        "certificate_keys",
        "trust list: the facilities' keys that sign health certificates",
        "<data>/certificate-keys.json",
        _path,
    ),
    Row(
        "DOIBANG_PORTAL_URL",
        "portal_url",
        "National Portal, which is told of dossiers and statuses; nothing is told without it",
        "",
        _url,
    ),
    Row("DOIBANG_PORTAL_CLIENT", "portal_client", "our client id there", ""),
    Row("DOIBANG_PORTAL_SECRET", "portal_secret", "our client secret there", "", secret=True),
    Row("DOIBANG_PORTAL_UNIT", "portal_unit", "our unit code there (default: the agency)", ""),
    Row(
        "DOIBANG_OIDC_ISSUER",
        "oidc_issuer",
        "OpenID provider at which applicants may prove who they are; empty: not offered",
        "",
        _issuer,
    ),
    Row("DOIBANG_OIDC_CLIENT", "oidc_client", "our client id there", ""),
    Row("DOIBANG_OIDC_SECRET", "oidc_secret", "our client secret there", "", secret=True),
    # VNeID publishes no specification (confidence low), so the claim's name is a setting.
    Row(
        "DOIBANG_OIDC_CLAIM",
        "oidc_claim",
        "claim of its ID token that holds the citizen's 12-digit number",
        "identity_number",
    ),
    Row("DOIBANG_POST_URL", "post_url", "the post's booking and tracking", "", _url),
    Row("DOIBANG_POST_TOKEN", "post_token", "our token there", "", secret=True),
    # Fees are paid at the counter only where these are empty.
    Row("DOIBANG_VNPAY_PAGE", "vnpay_page", "VNPay's page to pay at (vpcpay.html)", "", _url),
    Row("DOIBANG_VNPAY_API", "vnpay_api", "VNPay's re-query and refund address", "", _url),
    Row("DOIBANG_VNPAY_TERMINAL", "vnpay_terminal", "our terminal there (vnp_TmnCode)", ""),
    Row("DOIBANG_VNPAY_SECRET", "vnpay_secret", "what signs messages with VNPay", "", secret=True),
    Row(
        "DOIBANG_VIETQR",
        "vietqr",
        "account that takes fees by transfer: BANK/ACCOUNT with the bank's six-digit BIN",
        "",
        _account,
    ),
    # Who wants to be told outside the app is asked on the dossier's page; this is what is offered.
    Row(
        "DOIBANG_PUSH_SERVICES",
        "push_services",
        "hosts of the browsers' push services; off: no messages on devices",
        "fcm.googleapis.com updates.push.services.mozilla.com *.push.apple.com"
        " *.notify.windows.com",
        _services,
    ),
    Row(
        "DOIBANG_PUSH_CONTACT",
        "push_contact",
        "whom a push service writes to about our messages (RFC 8292)",
        "<origin>",
        _contact,
    ),
    Row("DOIBANG_SMS_URL", "sms_url", "SMS gateway; empty: no SMS", "", _url),
    Row("DOIBANG_SMS_TOKEN", "sms_token", "our token there", "", secret=True),
    Row("DOIBANG_SMS_BRAND", "sms_brand", "our registered sender name (brandname)", ""),
    Row("DOIBANG_ZNS_URL", "zns_url", "Zalo's message address; empty: no Zalo", "", _url),
    Row(
        "DOIBANG_ZNS_TOKEN_FILE",
        "zns_token_file",
        "file with the Official Account's access token, replaced daily by who renews it",
        "<data>/zns-token",
        _path,
    ),
    Row(
        "DOIBANG_ZNS_TEMPLATES",
        "zns_templates",
        "ids of the two approved templates: NEWS/ACT",
        "",
        _templates,
    ),
    Row(
        "DOIBANG_QUIET_HOURS",
        "quiet_hours",
        "when nobody is told anything, Vietnam's time; the same time twice: never",
        "21:00-07:00",
        QuietHours.of,
    ),
    Row(
        "DOIBANG_NOTICES_A_DAY",
        "notices_a_day",
        "messages a day at most, for each dossier and address",
        "3",
        _number(1, 100),
    ),
    Row(
        "DOIBANG_SANDBOX",
        "sandbox",
        "twins of the outside systems and the trial page: on, off, or staging (any origin);"
        " on by itself only with a loopback origin",
        "",
        _one_of("on", "off", "staging", ""),
    ),
    # What the agency's archive rules ask of a copy is not settled (confidence low).
    Row(
        "DOIBANG_KEEP_DAYS",
        "keep_days",
        "days after its end until a dossier is erased here, whatever its state; empty: by state, as"
        " server/dossier/data/retention.json says",
        "",
        _days,
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
