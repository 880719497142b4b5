"""A facility's batch: what its signature covers is taken, anything else is refused by name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.signer import XMLSigner

from server.auth.keys import KeyRing
from server.certificates import batch
from server.cli import main
from server.flow.imported import BatchesFirst
from server.ports import Certificate, Found, Mismatch, NotYet
from server.record import imported
from server.record.store import Record

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
NUMBER = "00001/GKSKLX/27001/26"
FIELDS = {
    "SO": NUMBER,
    "HOTEN": "NGUYEN THI HOA",
    "NGAYSINH": "04/05/1980",
    "IDBENHVIEN": "27001",
    "NGAYKETLUAN": "02/11/2026",
    "HANGBANGLAI": "B",
    "KETLUAN": "A0-1",
    "STATE": "ADD",
}


class Facility:
    """Its signing key, and the certificate that it gave the administrator."""

    def __init__(self, until: timedelta = timedelta(days=300)) -> None:
        self.key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Cơ sở khám A")])
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(1)
            .not_valid_before(NOW - timedelta(days=30))
            .not_valid_after(NOW + until)
            .sign(self.key, SHA256())
        )
        self.pem = self.certificate.public_bytes(Encoding.PEM)

    def sign(self, root: etree._Element, old: bool = False) -> bytes:
        signer = OldSigner if old else XMLSigner
        how = (
            (SignatureMethod.RSA_SHA1, DigestAlgorithm.SHA1)
            if old
            else (SignatureMethod.RSA_SHA256, DigestAlgorithm.SHA256)
        )
        made = signer(signature_algorithm=how[0], digest_algorithm=how[1])
        return bytes(etree.tostring(made.sign(root, key=self.key, cert=[self.certificate])))


class OldSigner(XMLSigner):
    """As the gateway's software signs."""

    def check_deprecated_methods(self) -> None:
        """SHA-1 it is."""


def document(*certificates: dict[str, str]) -> etree._Element:
    root = etree.Element("root")
    for fields in certificates:
        row = etree.SubElement(etree.SubElement(root, "HOSO"), "GKSKLX")
        for name, value in fields.items():
            etree.SubElement(row, name).text = value
    return root


@pytest.fixture(scope="module")
def facility() -> Facility:
    return Facility()


@pytest.mark.parametrize("old", [False, True])
def test_a_signed_batch_is_read(facility: Facility, old: bool) -> None:
    year = FIELDS | {"SO": "2/GKSKLX/27001/26", "NGAYSINH": "1958", "KETLUAN": "A0-2"}
    data = facility.sign(document(FIELDS, year), old)
    found = batch.read(data, facility.certificate, "27001", NOW)
    assert found.refused == ()
    assert [one.number for one in found.certificates] == [NUMBER, "2/GKSKLX/27001/26"]
    assert [one.date_of_birth for one in found.certificates] == ["1980-05-04", "1958"]
    assert [one.conclusion for one in found.certificates] == ["fit", "unfit"]


def test_what_was_altered_or_is_anothers_is_refused_whole(facility: Facility) -> None:
    data = facility.sign(document(FIELDS))
    other = Facility()

    def refused(data: bytes, signer: Facility = facility, why: str = "altered") -> None:
        with pytest.raises(ValueError, match=why):
            batch.read(data, signer.certificate, "27001", NOW)

    refused(data.replace(b"NGUYEN THI HOA", b"NGUYEN THI HUE"))
    refused(data, other)
    refused(other.sign(document(FIELDS)))
    refused(bytes(etree.tostring(document(FIELDS))))
    refused(b"<root>", why="not XML")
    bomb = b'<!DOCTYPE root [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><root>&b;</root>'
    refused(bomb, why="document type")
    expired = Facility(until=timedelta(days=-1))
    refused(expired.sign(document(FIELDS)), expired, "not in force")


def test_a_signed_part_moved_into_another_file_is_refused(facility: Facility) -> None:
    """Signature wrapping: the signed original hidden, and another one where it is looked for."""
    signed = etree.fromstring(facility.sign(document(FIELDS)))
    evil = document(FIELDS | {"HOTEN": "TRAN VAN MAU"})
    signature = signed[-1]
    evil.append(signature)
    etree.SubElement(evil, "hidden").append(signed)
    with pytest.raises(ValueError, match="altered"):
        batch.read(bytes(etree.tostring(evil)), facility.certificate, "27001", NOW)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"SO": "27001"}, "SO is no certificate number"),
        ({"SO": "1/GKSKLX/27002/26"}, "another facility"),
        ({"IDBENHVIEN": "27002"}, "another facility"),
        ({"KETLUAN": "đủ"}, "KETLUAN"),
        ({"NGAYSINH": "1980-05-04"}, "NGAYSINH"),
        ({"NGAYKETLUAN": "31/02/2026"}, "NGAYKETLUAN"),
        ({"HOTEN": " "}, "HOTEN is missing"),
    ],
)
def test_a_wrong_certificate_is_named_and_the_others_are_taken(
    facility: Facility, change: dict[str, str], said: str
) -> None:
    data = facility.sign(document(FIELDS, FIELDS | change))
    found = batch.read(data, facility.certificate, "27001", NOW)
    assert [one.number for one in found.certificates] == [NUMBER]
    (line,) = found.refused
    assert line.startswith("certificate 2: ") and said in line


class Remote:
    calls = 0

    async def look_up(self, number: str, name: str, date_of_birth: str) -> NotYet:
        self.calls += 1
        return NotYet()


@pytest.mark.anyio
async def test_what_was_imported_is_found_before_the_registry(
    facility: Facility, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOIBANG_DATA", str(tmp_path / "data"))
    (tmp_path / "signer.pem").write_bytes(facility.pem)
    (tmp_path / "batch.xml").write_bytes(
        facility.sign(document(FIELDS | {"HANGBANGLAI": "C1"}, FIELDS))
    )
    words = ["certificate", "import", str(tmp_path / "batch.xml"), "--facility", "27001"]
    signer = ["--signer", str(tmp_path / "signer.pem")]
    assert main([*words, *signer], clock=lambda: NOW) == 0
    assert main([*words, *signer], clock=lambda: NOW) == 0  # a repetition changes nothing

    record = Record(f"sqlite:///{tmp_path}/data/record.sqlite")
    remote = Remote()
    look = BatchesFirst(record, KeyRing(tmp_path / "data" / "keys"), remote)
    try:
        found = await look.look_up(NUMBER, "Nguyễn Thị Hoà", "1980-05-04")
        day = datetime(2026, 11, 2).date()
        assert found == Found(Certificate(NUMBER, "27001", day, "C1", "fit"))
        assert isinstance(await look.look_up(NUMBER, "Nguyễn Thị Hoa", "1980"), Found)
        assert await look.look_up(NUMBER, "Trần Văn Mẫu", "1981") == Mismatch(
            ["name", "date_of_birth"]
        )
        assert remote.calls == 0
        assert await look.look_up("2/GKSKLX/27001/26", "Nguyễn Thị Hoa", "1980-05-04") == NotYet()
        assert remote.calls == 1
        raw = (tmp_path / "data" / "record.sqlite").read_bytes()
        assert b"NGUYEN" not in raw and NUMBER.encode() not in raw
        assert record.now(lambda conn: imported.forget(conn, NOW)) == 0
        assert record.now(lambda conn: imported.forget(conn, NOW + timedelta(days=1))) == 2
    finally:
        record.close()
