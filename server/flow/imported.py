"""The certificates that facilities sent in batches, looked at before the registry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from server.auth.keys import KeyRing
from server.certificates.signed import CONCLUSIONS, SignedCertificate
from server.dossier.certificate import covers_class
from server.dossier.persons import fold
from server.ports import (
    Certificate,
    Found,
    HealthCertificateRegistry,
    Mismatch,
    NotYet,
)
from server.record import imported
from server.record.imported import Imported
from server.record.store import Connection, Record


class BatchesFirst:
    """HealthCertificateRegistry: what was imported, else what `registry` says."""

    def __init__(self, record: Record, keys: KeyRing, registry: HealthCertificateRegistry) -> None:
        self._record = record
        self._keys = keys
        self._registry = registry

    async def look_up(
        self, number: str, name: str, date_of_birth: str
    ) -> Found | NotYet | Mismatch:
        held = _hash(self._keys, "number", number)
        rows = await self._record.read(lambda conn: imported.find(conn, held))
        if not rows:
            return await self._registry.look_up(number, name, date_of_birth)
        differs = ["name"] if rows[0].name != _hash(self._keys, "name", fold(name), number) else []
        if not self._same_birth(rows[0], date_of_birth, number):
            differs.append("date_of_birth")
        return Mismatch(differs) if differs else Found(_widest(rows, number))

    def _same_birth(self, row: Imported, birth: str, number: str) -> bool:
        if row.birth is None or len(birth) == 4:
            return row.year == _hash(self._keys, "year", birth[:4], number)
        return row.birth == _hash(self._keys, "birth", birth, number)


def take_in(
    conn: Connection, keys: KeyRing, certificates: Iterable[SignedCertificate], at: datetime
) -> int:
    """Keeps what a batch says. How many waiting dossiers look again because of it."""
    for one in certificates:
        born, number = one.date_of_birth, one.number
        row = Imported(
            number=_hash(keys, "number", number),
            name=_hash(keys, "name", fold(one.full_name), number),
            birth=_hash(keys, "birth", born, number) if len(born) > 4 else None,
            year=_hash(keys, "year", born[:4], number),
            facility=one.facility,
            licence_class=one.licence_class,
            concluded_on=one.concluded_on.isoformat(),
            conclusion=one.conclusion,
        )
        imported.put(conn, row, at)
    return imported.look_again(conn, at)


def _hash(keys: KeyRing, what: str, value: str, number: str = "") -> str:
    return keys.keyed_hash(f"certificate {what}", f"{value}\n{number}")


def _widest(rows: list[Imported], number: str) -> Certificate:
    """One number may stand for several classes."""

    def covered(row: Imported) -> int:
        return sum(covers_class(row.licence_class, other.licence_class) for other in rows)

    row = max(rows, key=covered)
    return Certificate(
        number,
        row.facility,
        date.fromisoformat(row.concluded_on),
        row.licence_class,
        next(word for word in CONCLUSIONS if word == row.conclusion),
    )
