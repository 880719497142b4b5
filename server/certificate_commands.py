"""`doibang certificate …`: a facility's key, its signed certificates, and what one is worth."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from datetime import date
from pathlib import Path

import segno
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from server.auth.keys import KeyRing
from server.certificates import batch, signed, trust
from server.certificates.cose import PrivateKey, key_id
from server.certificates.signed import CONCLUSIONS, SignedCertificate
from server.certificates.trust import FacilityKey, TrustList
from server.dossier.calendar import ZONE
from server.dossier.formats import certificate_number
from server.flow.imported import take_in
from server.ports import Clock
from server.record.migrations import migrate
from server.record.store import Record
from server.settings import Settings


def _keys(settings: Settings, asked: argparse.Namespace, clock: Clock) -> int:
    if not re.fullmatch("[0-9A-Z]{5}", asked.facility):
        raise ValueError("--facility must be the five characters in its certificates' numbers")
    key: PrivateKey = (
        ed25519.Ed25519PrivateKey.generate()
        if asked.ed25519
        else ec.generate_private_key(ec.SECP256R1())
    )
    since = clock().astimezone(ZONE).date()
    entry = FacilityKey.of(key.public_key(), asked.facility, asked.person, since)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    descriptor = os.open(asked.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    print(json.dumps(entry.as_entry(), ensure_ascii=False, indent=1))
    print(
        f"{asked.file} written: it signs for the facility, keep it there and secret. The entry"
        f" above goes into the list `keys` of {settings.certificate_keys}.",
        file=sys.stderr,
    )
    return 0


def _issue(settings: Settings, asked: argparse.Namespace, clock: Clock) -> int:
    certificate = _asked(asked)
    key = load_pem_private_key(asked.key.read_bytes(), None)
    if not isinstance(key, (ec.EllipticCurvePrivateKey, ed25519.Ed25519PrivateKey)):
        raise ValueError(f"{asked.key} must be a key that `doibang certificate keys` has made")
    text = signed.issue(certificate, key, clock())
    # What nobody would accept is not handed out.
    known = TrustList(trust.load(settings.certificate_keys)).find(key_id(key.public_key()).hex())
    own = known or FacilityKey.of(key.public_key(), certificate.facility, "–", date.min)
    verdict = signed.check(text, TrustList([own]), clock())
    if verdict.state != "valid":
        raise ValueError(
            f"it would not be accepted ({verdict.state}): look at the number's facility"
            f" ({certificate.facility}; the key is of {own.facility}), the dates and the name"
        )
    if asked.out:
        segno.make_qr(text, error="m").save(str(asked.out), scale=6, border=4)
    print(text)
    return 0


def _asked(asked: argparse.Namespace) -> SignedCertificate:
    number = certificate_number(asked.number)
    if number is None:
        raise ValueError("--number must look like 00001/GKSKLX/27001/26")
    return SignedCertificate(
        number,
        " ".join(asked.person.split()),
        asked.birth,
        asked.licence_class.upper(),
        date.fromisoformat(asked.concluded),
        asked.conclusion,
    )


def _check(settings: Settings, asked: argparse.Namespace, clock: Clock) -> int:
    text = sys.stdin.readline().rstrip("\r\n") if asked.text == "-" else asked.text
    verdict = signed.check(text, TrustList(trust.load(settings.certificate_keys)), clock())
    print(verdict.state, f"({verdict.key.name})" if verdict.key else "")
    if said := verdict.certificate:
        print(f"{said.number}  {said.full_name}  {said.date_of_birth}  {said.licence_class}")
        print(f"{said.conclusion}, concluded {said.concluded_on.isoformat()}")
    return 0 if verdict.state == "valid" else 1


def _import(settings: Settings, asked: argparse.Namespace, clock: Clock) -> int:
    signer = x509.load_pem_x509_certificate(asked.signer.read_bytes())
    found = batch.read(asked.file.read_bytes(), signer, asked.facility, clock())
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    migrate(settings.record_url)
    record, keys, now = Record(settings.record_url), KeyRing(settings.keys, clock), clock()
    try:
        again = record.now(lambda conn: take_in(conn, keys, found.certificates, now))
    finally:
        record.close()
    print("\n".join(found.refused), file=sys.stderr, end="\n" if found.refused else "")
    taken, refused = len(found.certificates), len(found.refused)
    print(f"{taken} certificates taken, {refused} refused; {again} waiting dossiers look again")
    return 1 if refused else 0


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Puts `certificate` among the commands of the console script."""
    text = "Signed health certificates: for the facilities, and to look at one."
    actions = commands.add_parser("certificate", help=text, description=text).add_subparsers(
        dest="action", required=True
    )
    made = actions.add_parser("keys", help="makes a facility's key, prints its trust-list entry")
    made.add_argument("file", type=Path, help="a new file for the private key (PEM)")
    made.add_argument("--facility", required=True, help="its code, e.g. 27001")
    made.add_argument("--name", dest="person", required=True, help="what people call it")
    made.add_argument("--ed25519", action="store_true", help="instead of P-256")
    made.set_defaults(command=_keys)
    issued = actions.add_parser("issue", help="signs a certificate, prints its QR code's text")
    issued.add_argument("--key", type=Path, required=True)
    issued.add_argument("--number", required=True, help="e.g. 00001/GKSKLX/27001/26")
    issued.add_argument("--name", dest="person", required=True)
    issued.add_argument("--birth", required=True, help="YYYY-MM-DD, or YYYY")
    issued.add_argument("--class", dest="licence_class", required=True)
    issued.add_argument("--concluded", required=True, help="day of the conclusion, YYYY-MM-DD")
    issued.add_argument("--conclusion", choices=CONCLUSIONS, default="fit")
    issued.add_argument("--out", type=Path, help="also draws the QR code: FILE.svg or FILE.png")
    issued.set_defaults(command=_issue)
    batched = actions.add_parser("import", help="takes in a facility's signed batch (XML)")
    batched.add_argument("file", type=Path)
    batched.add_argument("--facility", required=True, help="its code, e.g. 27001")
    batched.add_argument(
        "--signer",
        type=Path,
        required=True,
        help="the certificate it signs with (PEM), from the facility itself, not from the file",
    )
    batched.set_defaults(command=_import)
    looked = actions.add_parser("check", help="tells what a QR code's text is worth")
    looked.add_argument("text", help="the text, or - to read it from the standard input")
    looked.set_defaults(command=_check)
