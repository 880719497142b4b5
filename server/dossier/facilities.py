"""The health facilities that send certificates to the registry, and how to reach them."""

from __future__ import annotations

from server.dossier.tables import table


def contact(certificate_number: str) -> dict[str, str]:
    """Return {"facility", "contact"} for the facility named in a certificate's number.

    What the list does not know is a word of messages.json's "values": the facility as such, and
    the telephone number printed on the certificate.
    """
    code = certificate_number.split("/")[2] if certificate_number.count("/") == 3 else ""
    row = next((row for row in table("facilities")["facilities"] if row["code"] == code), None)
    if row is None:
        return {"facility": "facility_unnamed", "contact": "contact_unknown"}
    reach = ", ".join(part for part in (row["phone"], row["address"]) if part)
    return {"facility": row["name"], "contact": reach or "contact_unknown"}
