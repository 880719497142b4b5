"""The pack of a dossier: what another office needs when the way between systems is shut."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from server.auth.access import Actor, Vaulted
from server.auth.sealing import digest
from server.dossier import papers
from server.errors import Forbidden
from server.flow.papers import Papers, course
from server.record.columns import iso
from server.record.store import Record


async def pack(
    record: Record, vaulted: Vaulted, actor: Actor, dossier: str, origin: str
) -> tuple[str, bytes]:
    """(file name, zip) with dossier.json, the application form as PDF, photos/ and SHA256SUMS
    (`sha256sum -c` reads it). For officers and the administrator's command line; journalled as
    `opened` with the purpose `pack`. `origin`: as of Papers."""
    if actor.role not in ("officer", "system"):
        raise Forbidden("not_an_officer")
    opened = await vaulted.open(dossier, actor, "pack")
    known = await record.read(lambda conn: course(conn, dossier))
    row = known.row
    photos: list[dict[str, Any]] = []
    files: dict[str, bytes] = {}
    form = papers.file_name("form", row.code)
    pdf = await Papers(record, vaulted, origin).drawn(known, opened, "form")
    files[form] = pdf
    for photo in opened.photos.values():
        name = f"photos/{photo.kind}-{photo.id}.jpg"
        files[name] = await opened.photo(photo.id)
        photos.append({"file": name, "kind": photo.kind, "sha256": photo.sha256})
    content = {
        "dossier_code": row.code,
        "dossier": row.id,
        "procedure": row.procedure,
        "state": row.state,
        "n": row.n,
        "filed_at": iso(row.filed_at),
        "promised_on": row.due_on,
        "channel": row.channel,
        "assurance": row.assurance,
        "answers": opened.answers,
        "consents": opened.submission["consents"],
        "declared_at": opened.submission["declared_at"],
        "form": {"file": form, "sha256": digest(pdf)},
        "photos": photos,
    }
    files["dossier.json"] = json.dumps(content, ensure_ascii=False, indent=2).encode()
    return f"{row.code}.zip", zipped(files)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of the files with their digests in SHA256SUMS."""
    sums = "".join(f"{digest(data)}  {name}\n" for name, data in sorted(files.items()))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted({**files, "SHA256SUMS": sums.encode()}.items()):
            archive.writestr(name, data)
    return target.getvalue()
