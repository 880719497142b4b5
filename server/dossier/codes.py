"""Dossier codes and the National Portal's words for its status codes."""

from datetime import date
from typing import Any

from server.dossier.tables import table


def dossier_code(day: date, number: int, *, trial: bool = False, prefix: str | None = None) -> str:
    """Return "<prefix>-YYMMDD-NNNN" for the number-th dossier of a day (Vietnam), from 1.

    trial: sandbox codes begin with "MAU." and can never be taken for real ones.
    prefix: by default that of data/codes.json, whose agency code is not verified.
    Raises ValueError for a number below 1.
    """
    if number < 1:
        raise ValueError("numbers of a day start at 1")
    rule = table("codes")["dossier_code"]
    mark = rule["trial_prefix"] if trial else ""
    return f"{mark}{prefix or rule['prefix']}-{day:%y%m%d}-{number:0{rule['digits']}d}"


def is_trial(code: str) -> bool:
    """Tell whether a dossier code was given by a sandbox."""
    return code.startswith(str(table("codes")["dossier_code"]["trial_prefix"]))


def portal_row(code: int) -> dict[str, Any]:
    """Return {"code","vi","en","ends","clock_runs","next"} of a National Portal status.

    Raises KeyError for a code outside 1-10.
    """
    for row in table("national_portal")["statuses"]:
        if row["code"] == code:
            return dict(row)
    raise KeyError(code)


def portal_paper(kind: str, photo: str) -> tuple[str, str]:
    """Return (MaThanhPhanHoSo, ASCII file name) of a photo of a submission."""
    row = table("national_portal")["papers"]["kinds"][kind]
    return str(row["component"]), f"{row['file']}-{photo[:8]}.jpg"


def portal_largest() -> int:
    """Return how many bytes a paper may have that the portal takes."""
    return int(table("national_portal")["papers"]["largest_bytes"])


def portal_channel(channel: str) -> str:
    """Return the portal's code of a channel: "counter", "online" or "post"."""
    return str(table("national_portal")["channels"][channel])
