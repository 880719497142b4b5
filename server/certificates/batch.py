"""A facility's batch of certificates: XML with an enveloped signature (XMLDSig), as facilities make
it for the health-insurance gateway.

Field names are the gateway's (confidence medium); around them any element may stand, as long as
each certificate's fields lie in one. What the signature does not cover is never looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidInput, InvalidSignature
from signxml.verifier import SignatureConfiguration, XMLVerifier

from server.certificates.signed import Conclusion, SignedCertificate
from server.dossier.formats import certificate_number
from server.dossier.tables import table

LARGEST = 32 << 20
_ACCEPTED = SignatureConfiguration(
    location="./",
    # The gateway's software signs with RSA-SHA1. Who can make two files of one SHA-1 must still
    # get a facility to sign one of them.
    signature_methods=frozenset(
        {SignatureMethod.RSA_SHA1, SignatureMethod.RSA_SHA256, SignatureMethod.ECDSA_SHA256}
    ),
    digest_algorithms=frozenset({DigestAlgorithm.SHA1, DigestAlgorithm.SHA256}),
)


@dataclass(frozen=True)
class Batch:
    """`refused`: a sentence for each certificate that cannot be taken, with its place."""

    certificates: tuple[SignedCertificate, ...]
    refused: tuple[str, ...]


def read(data: bytes, signer: x509.Certificate, facility: str, now: datetime) -> Batch:
    """`signer`: the certificate that this facility signs with, known from elsewhere; the one in
    the file is not believed. Raises ValueError where nothing of the file can be believed."""
    if len(data) > LARGEST:
        raise ValueError(f"the file is larger than {LARGEST} bytes")
    if not signer.not_valid_before_utc <= now <= signer.not_valid_after_utc:
        raise ValueError("the signer's certificate is not in force today")
    root = _signed_part(_parsed(data), signer)
    certificates, refused = [], []
    for place, element in enumerate(_elements(root), 1):
        try:
            certificates.append(_certificate(element, facility))
        except ValueError as wrong:
            refused.append(f"certificate {place}: {wrong}")
    if not certificates and not refused:
        raise ValueError("the file has no certificate (no element SO)")
    return Batch(tuple(certificates), tuple(refused))


def _parsed(data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as wrong:
        raise ValueError(f"the file is not XML: {wrong}") from None
    if root.getroottree().docinfo.doctype:
        raise ValueError("the file declares a document type; a batch has none")
    return root


def _signed_part(root: etree._Element, signer: x509.Certificate) -> etree._Element:
    try:
        found = XMLVerifier().verify(root, x509_cert=signer, expect_config=_ACCEPTED)
    except (InvalidSignature, InvalidInput) as wrong:
        why = f"the signature is not this signer's, or the file was altered: {wrong}"
        raise ValueError(why) from None
    result = found[0] if isinstance(found, list) else found
    if result.signed_xml is None or result.signed_xml.tag != root.tag:
        raise ValueError("the signature does not cover the whole file")
    return result.signed_xml


def _elements(root: etree._Element) -> Iterator[etree._Element]:
    for number in root.iter("SO"):
        if (parent := number.getparent()) is not None:
            yield parent


def _certificate(element: etree._Element, facility: str) -> SignedCertificate:
    number = certificate_number(_text(element, "SO"))
    if number is None:
        raise ValueError("SO is no certificate number")
    if {number.split("/")[2], _text(element, "IDBENHVIEN")} != {facility}:
        raise ValueError(f"{number} is of another facility than {facility}")
    conclusions: dict[str, Conclusion] = table("certificate")["conclusions"]["codes"]
    if (conclusion := conclusions.get(_text(element, "KETLUAN"))) is None:
        raise ValueError(f"{number}: KETLUAN is none of {', '.join(conclusions)}")
    birth = _text(element, "NGAYSINH")
    year_only = len(birth) == 4 and birth.isascii() and birth.isdigit()
    return SignedCertificate(
        number=number,
        full_name=_text(element, "HOTEN"),
        date_of_birth=birth if year_only else _day(element, "NGAYSINH"),
        licence_class=_text(element, "HANGBANGLAI").upper(),
        concluded_on=datetime.fromisoformat(_day(element, "NGAYKETLUAN")).date(),
        conclusion=conclusion,
    )


def _text(element: etree._Element, name: str) -> str:
    text = " ".join((element.findtext(name) or "").split())
    if not text or len(text) > 100:
        raise ValueError(f"{name} is missing or too long")
    return text


def _day(element: etree._Element, name: str) -> str:
    try:
        return datetime.strptime(_text(element, name), "%d/%m/%Y").date().isoformat()
    except ValueError:
        raise ValueError(f"{name} is no day like 31/12/2026") from None
