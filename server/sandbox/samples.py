"""One invented person with all pictures that a dossier needs, and the truth about them.

`python -m server.sandbox.samples --seed 7 --out DIR` writes them as files, with camera clips that
Chromium's `--use-file-for-fake-video-capture` plays.
"""

from __future__ import annotations

import argparse
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from PIL import Image

from server.sandbox import cards, facility
from server.sandbox.paper import Picture, Said
from server.sandbox.people import PROVINCE, Person, invent
from server.sandbox.twins.wire import VIETNAM

MAX_JPEG = 200_000
FRAME = (1280, 720)


@dataclass(frozen=True)
class Sample:
    """Pictures are JPEG, QR codes PNG. `truth`: `answers` and `readings` as a submission has them,
    `qr` the payloads by name. Where there is no
    certificate or no licence any more, there is no picture of it either."""

    seed: int
    person: Person
    licence_front: bytes
    licence_back: bytes
    portrait: bytes
    certificate: bytes | None
    id_qr_png: bytes
    certificate_qr_png: bytes | None
    truth: dict[str, Any]

    def pictures(self) -> list[Picture]:
        """The photos of the dossier in the order the app asks for them."""
        kinds = {
            "licence_front": self.licence_front,
            "licence_back": self.licence_back,
            "portrait": self.portrait,
            "health_certificate": self.certificate,
        }
        return [_picture(kind, jpeg) for kind, jpeg in kinds.items() if jpeg]

    def said(self, helper: dict[str, str] | None = None) -> Said:
        """What this person declares: everything scanned, every consent that applies."""
        consents = (
            ("process", "health", "delivery") if self.certificate else ("process", "delivery")
        )
        return Said(readings=self.truth["readings"], consents=consents, helper=helper)


@lru_cache(maxsize=32)
def sample(
    seed: int,
    today: date | None = None,
    card: tuple[Literal["2008", "2025"], str] | None = None,
) -> Sample:
    """The same arguments give the same bytes. `today` (default: the day in Vietnam) sets expiry
    and certificate dates; `card` is (regime, class)."""
    person = invent(seed, today or (datetime.now(UTC) + VIETNAM).date(), card)
    payloads = {"id_card": _id_payload(person), "licence": _licence_payload(person)}
    face = cards.portrait(person, seed)
    sheet = None
    if person.certificate:
        payloads["certificate"] = facility.payload(person)
        sheet = jpeg(cards.certificate(person, payloads["certificate"]))
    return Sample(
        seed=seed,
        person=person,
        licence_front=jpeg(cards.licence_front(person, face, seed)),
        licence_back=jpeg(cards.licence_back(person, payloads["licence"], seed)),
        portrait=jpeg(face),
        certificate=sheet,
        id_qr_png=_png(cards.captioned(cards.qr(payloads["id_card"], 900))),
        certificate_qr_png=_png(cards.captioned(cards.qr(payloads["certificate"], 900)))
        if sheet
        else None,
        truth={"answers": answers(person), "readings": _readings(person), "qr": payloads},
    )


_FORGOTTEN = (
    "reason",
    "licence_number",
    "licence_serial",
    "licence_issue_date",
    "licence_issue_place",
)


def without_card(made: Sample, lost_on: date) -> Sample:
    """The same person after losing the licence: a declaration in place of the card's photos, and
    neither its number nor its dates are remembered."""
    known = made.truth["answers"].items()
    said = {name: value for name, value in known if name not in _FORGOTTEN}
    said |= {
        "procedure": "cap_lai",
        "licence_held": "lost",
        "loss_date": lost_on.isoformat(),
        "loss_place": "Rơi trên đường từ chợ về nhà",
        "loss_declared": True,
    }
    if said["licence_expiry"] != "unlimited":
        del said["licence_expiry"]
    scanned = [one for one in made.truth["readings"] if one["source"] != "licence_qr"]
    truth = made.truth | {"answers": said, "readings": scanned}
    return replace(made, licence_front=b"", licence_back=b"", truth=truth)


def answers(person: Person) -> dict[str, Any]:
    """What this person answers in the app: an exchange, card by post to the door."""
    card, paper = person.licence, person.certificate
    said: dict[str, Any] = {
        "procedure": "doi",
        "licence_held": "card",
        "reason": "damaged",
        "full_name": person.full_name,
        "date_of_birth": person.date_of_birth.isoformat(),
        "sex": person.sex,
        "nationality": "Việt Nam",
        "identity_number": person.identity_number,
        "residence_line": person.hamlet,
        "residence_commune": person.commune_code,
        "residence_province": PROVINCE,
        "residence_legacy": person.legacy_address,
        "phone": person.phone,
        "licence_number": card.number,
        "licence_regime": card.regime,
        "licence_class": card.licence_class,
        "licence_issue_date": card.issue_date.isoformat(),
        "licence_issue_place": card.issue_place,
        "licence_expiry": card.expiry.isoformat() if card.expiry else "unlimited",
        "licence_serial": card.serial,
        "requested_class": _requested(card.regime, card.licence_class),
        "revoked": False,
        "delivery_method": "post",
        "delivery_line": person.hamlet,
        "delivery_commune": person.commune_code,
    }
    if paper:
        said |= {
            "certificate_number": paper.number,
            "certificate_date": paper.concluded_on.isoformat(),
            "certificate_class": _requested(card.regime, card.licence_class),
        }
    return said


def _requested(regime: str, licence_class: str) -> str:
    """Law 36/2024 Art. 89(2): the new class of an old card."""
    if regime == "2025":
        return licence_class
    return {"A1": "A", "B2": "B"}.get(licence_class, licence_class)


def _readings(person: Person) -> list[dict[str, Any]]:
    fields = {
        "identity_number": person.identity_number,
        "full_name": person.full_name,
        "date_of_birth": person.date_of_birth.isoformat(),
        "sex": person.sex,
        "residence_legacy": person.legacy_address,
        "identity_issue_date": person.identity_issue_date.isoformat(),
    }
    if person.old_identity_number:
        fields["old_identity_number"] = person.old_identity_number
    readings: list[dict[str, Any]] = [{"source": "id_card_qr", "fields": fields}]
    if person.certificate:
        number = person.certificate.number
        readings.append(
            {
                "source": "certificate_qr",
                "text": facility.payload(person),
                "fields": {"certificate_number": number},
            }
        )
    return readings


def _id_payload(person: Person) -> str:
    """The seven fields of an ID card's QR."""
    sex = "Nam" if person.sex == "male" else "Nữ"
    return "|".join(
        (
            person.identity_number,
            person.old_identity_number,
            person.full_name,
            f"{person.date_of_birth:%d%m%Y}",
            sex,
            person.legacy_address,
            f"{person.identity_issue_date:%d%m%Y}",
        )
    )


def _licence_payload(person: Person) -> str:
    """No public specification exists: number, class and serial, delimited."""
    card = person.licence
    return f"{card.number};{card.licence_class};{card.issue_date:%d%m%Y};{card.serial}"


def jpeg(picture: Image.Image) -> bytes:
    """At most 200 KB, as the phone keeps photos."""
    for quality in (82, 72, 60, 50):
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality)
        if out.tell() <= MAX_JPEG:
            break
    return out.getvalue()


def camera_frame(picture: bytes, fill: float = 0.86, size: tuple[int, int] = FRAME) -> bytes:
    """The picture lying on a table as a camera sees it, `fill` of the frame's tighter side."""
    card = Image.open(io.BytesIO(picture)).convert("RGB")
    scale = fill * min(size[0] / card.width, size[1] / card.height)
    card = card.resize(
        (int(card.width * scale), int(card.height * scale)), Image.Resampling.LANCZOS
    )
    table = Image.new("RGB", size, (92, 74, 58))
    table.paste(card, ((size[0] - card.width) // 2, (size[1] - card.height) // 2))
    return jpeg(table)


def camera_clip(frames: Sequence[bytes], repeat: int = 30) -> bytes:
    """Motion JPEG for Chromium's fake camera, each frame `repeat` times."""
    return b"".join(frame * repeat for frame in frames)


def _picture(kind: str, data: bytes) -> Picture:
    with Image.open(io.BytesIO(data)) as image:
        return Picture(kind, data, image.width, image.height)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.convert("1", dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def write(made: Sample, folder: Path) -> None:
    """All pictures, camera clips (`*.mjpeg`) and `truth.json` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    stills = {picture.kind: picture.jpeg for picture in made.pictures()}
    codes = {"id_qr": made.id_qr_png, "certificate_qr": made.certificate_qr_png}
    for name, data in stills.items():
        (folder / f"{name}.jpg").write_bytes(data)
        (folder / f"{name}.mjpeg").write_bytes(camera_clip([camera_frame(data)]))
    for name, code in codes.items():
        if code:
            (folder / f"{name}.png").write_bytes(code)
            (folder / f"{name}.mjpeg").write_bytes(camera_clip([camera_frame(code)]))
    text = json.dumps(made.truth, ensure_ascii=False, indent=1)
    (folder / "truth.json").write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Write one invented person's sample papers.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    write(sample(given.seed), given.out)


if __name__ == "__main__":
    main()
