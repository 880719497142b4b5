"""The generator: the same seed gives the same papers, and the papers say what the truth says."""

from __future__ import annotations

import io
import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from PIL import Image

from ocr.picture import read_picture
from server.auth import sealing
from server.certificates import signed
from server.certificates.trust import TrustList
from server.dossier.checks import validate_answers
from server.dossier.persons import check_identity
from server.dossier.tables import table
from server.sandbox.facility import trusted
from server.sandbox.paper import Paper
from server.sandbox.people import COMMUNES, invent
from server.sandbox.samples import answers, camera_clip, camera_frame, main, sample

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("seed", range(6))
def test_the_same_seed_gives_the_same_bytes(seed: int) -> None:
    first = sample(seed, TODAY)
    sample.cache_clear()
    assert sample(seed, TODAY) == first


def test_seeds_give_different_people() -> None:
    people = [invent(seed, TODAY) for seed in range(500)]
    assert len({person.identity_number for person in people}) == 500
    assert len({person.licence.number for person in people}) == 500
    numbers = [person.certificate.number for person in people if person.certificate]
    assert len(set(numbers)) == len(numbers)
    assert all(unicodedata.is_normalized("NFC", person.full_name) for person in people)


def test_numbers_agree_with_the_person() -> None:
    for seed in range(50):
        said = answers(invent(seed, TODAY))
        assert not list(check_identity(said["identity_number"], said["sex"], said["date_of_birth"]))


def test_addresses_are_in_communes_that_exist() -> None:
    known = {row["code"]: row["name"].lower() for row in table("communes")["communes"]}
    for code, name, _, _ in COMMUNES:
        assert known[code] == name.lower()


@pytest.mark.parametrize(
    "card", [("2008", "B2"), ("2008", "A1"), ("2008", "C"), ("2025", "B"), ("2025", "C1")]
)
def test_a_sample_dossier_breaks_no_rule(card: Any) -> None:
    made = sample(3, TODAY, card)
    now = datetime(2026, 11, 22, 8, tzinfo=UTC)
    inner = opened(made, now)
    found = validate_answers(inner, TODAY)
    assert [item for item in found if item.severity != "notice"] == []


def opened(made: Any, now: datetime) -> dict[str, Any]:
    """The sealed part of a submission of this sample."""
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    paper = Paper.seal(
        "0" * 32, "1" * 32, ("k", raw), now, made.truth["answers"], made.pictures(), made.said()
    )
    doc = paper.submission
    inner: dict[str, Any] = sealing.open_json(paper.key, doc["_id"], "submission/1", doc["sealed"])
    return inner


def test_cards_codes_and_paper_read_as_the_truth_says() -> None:
    made = sample(1, TODAY, ("2008", "B2"))
    truth = made.truth["answers"]
    assert made.certificate is not None
    assert made.certificate_qr_png is not None
    back = {r.field: r.value for r in read_picture(made.licence_back).readings}
    assert (back["number"], back["licence_class"]) == (truth["licence_number"], "B2")
    paper = {r.field: r.value for r in read_picture(made.certificate).readings}
    assert paper == {"signed": made.truth["qr"]["certificate"]}
    verdict = signed.check(paper["signed"], TrustList(trusted()), datetime.now(UTC))
    assert (verdict.state, verdict.certificate and verdict.certificate.differs(truth)) == (
        "valid",
        [],
    )
    card = {r.field: r.value for r in read_picture(made.id_qr_png).readings}
    assert card["name"] == truth["full_name"]
    assert card["address"] == truth["residence_legacy"]
    frame = read_picture(camera_frame(made.id_qr_png))
    assert [code.text for code in frame.qr] == [made.truth["qr"]["id_card"]]
    assert camera_clip([camera_frame(made.licence_front)], 3).count(b"\xff\xd8\xff\xe0") == 3


def test_one_of_the_facilities_does_not_sign() -> None:
    made = sample(2, TODAY, ("2008", "B2"))
    assert made.certificate is not None
    paper = {r.field: r.value for r in read_picture(made.certificate).readings}
    assert paper == {"number": made.truth["answers"]["certificate_number"]}


def test_pictures_fit_what_the_phone_sends() -> None:
    for picture in sample(2, TODAY).pictures():
        with Image.open(io.BytesIO(picture.jpeg)) as image:
            assert image.format == "JPEG"
            assert image.size == (picture.width, picture.height)
            assert max(image.size) <= 1600
        assert len(picture.jpeg) <= 200_000


def test_a_motorcycle_needs_no_certificate() -> None:
    made = sample(1, TODAY, ("2008", "A1"))
    assert made.certificate is None
    assert made.certificate_qr_png is None
    assert "certificate_number" not in made.truth["answers"]


def test_the_command_writes_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["samples", "--seed", "1", "--out", str(tmp_path)])
    main()
    names = {path.name for path in tmp_path.iterdir()}
    assert {"licence_front.jpg", "licence_front.mjpeg", "id_qr.png", "truth.json"} <= names
