"""What is asked of each route of the interface, so that only the caller decides the answer."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from server.dossier.consents import newest
from server.record import grants, people
from server.sandbox.device import Device
from tests.server.access.world import World, begin, offer
from tests.server.handed import Code, new_point
from tests.server.surface import bearer, new_grant

STALE = {"outcome": "approve", "version": 1}
"""A decision on what the dossier was: whoever is let in reads `stale`, and nothing moves."""


@dataclass(frozen=True)
class Asked:
    """The path as it is sent, and what goes with it."""

    path: str
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


def asked(world: World, method: str, route: str, state: str) -> Asked:
    """One request to a route. `state`: of the dossier, the grant or the session that it names."""
    make = SPECIAL.get(f"{method} {route}")
    if make is not None:
        return make(world, route, state)
    return Asked(_place(world, route, state), {} if method in ("POST", "PUT", "PATCH") else None)


def _place(world: World, route: str, state: str) -> str:
    path = route.replace("{rest:path}", "nothing/here").replace("{month}", "2026-11")
    path = path.replace("{channel}", "sms").replace("{kind}", "form")
    if "{" not in path:
        return path
    filed = world.filed[state]
    return path.replace("{dossier}", filed.dossier).replace("{photo}", filed.photo)


def _dossier(body: Any) -> Callable[[World, str, str], Asked]:
    return lambda world, route, state: Asked(_place(world, route, state), body)


def _first_grant(world: World, route: str, state: str) -> Asked:
    """`new`: an owner never seen; `known`: the applicant's, with a secret of one's own."""
    fresh = new_grant()[1]
    return Asked(route, fresh if state == "new" else fresh | {"owner": _owner(world)})


def _renewed(world: World, route: str, state: str) -> Asked:
    """`own`: the applicant's owner on another device; `lost`: on the device that was lost."""
    body = new_grant()[1] | {"owner": _owner(world)}
    if state == "lost":
        _, device = _granted(world, lost=True)
        body["device"] = device
    return Asked(route, body)


def _adopted(world: World, route: str, state: str) -> Asked:
    """`free`: nobody's, with its grant; `bare`: without; `own`: the applicant's, with its grant;
    `other`: the applicant's, with the grant of somebody else's; `revoked`: nobody's, with a grant
    that was ended."""
    secret, free = _claimed(world)
    owner = free["owner"]
    if state in ("own", "other"):
        owner = _owner(world)
    if state == "own":
        device = world.filed["open"].device
        assert device is not None
        return Asked(route, {"owner": owner}, device.bearer)
    if state == "revoked":
        _revoke(world, free["hash"])
    return Asked(route, {"owner": owner}, {} if state == "bare" else bearer(secret))


def _revoke(world: World, hashed: str) -> None:
    record, now = world.caller.parts.record, world.caller.clock()

    def revoke(conn: Any) -> None:
        grant = grants.by_hash(conn, hashed)
        assert grant is not None
        grants.revoke(conn, grant.id, now, lost=False)

    record.now(revoke)


def _ended(world: World, route: str, state: str) -> Asked:
    """`own`: a grant of the applicant's; `revoked`, `lost`: one that was ended; `unknown`."""
    if state == "unknown":
        return Asked(route.replace("{grant}", secrets.token_hex(16)))
    grant, _ = _granted(world, revoked=state != "own", lost=state == "lost")
    return Asked(route.replace("{grant}", grant))


def _session(world: World, route: str, state: str) -> Asked:
    return Asked(f"{route}?role={state}")


def _slip(world: World, route: str, state: str) -> Asked:
    world.forget_attempts()  # a slip has ten an hour
    return Asked(route, {"slip": world.filed[state].slip, "date_of_birth": "1980-05-04"})


def _ceremony(world: World, route: str, state: str) -> Asked:
    return Asked(route, {"ceremony": secrets.token_hex(16), "credential": {}})


def _another(world: World, route: str, state: str) -> Asked:
    return Asked(route, {"role": state})


def _added(world: World, route: str, state: str) -> Asked:
    return Asked(route, {"role": state, "ceremony": secrets.token_hex(16), "credential": {}})


def _invitation(world: World, route: str, state: str) -> Asked:
    token = world.caller.invite("officer") if state == "open" else "A" * 43
    return Asked(route, {"token": token})


def _claim(world: World, route: str, state: str) -> Asked:
    world.forget_attempts()
    code = offer(world, begin(world, None)) if state == "good" else Code()
    proof = {} if state == "bare" else bearer(_claimed(world)[0])
    return Asked(route, code.scanned | {"key": new_point()}, proof)


def _new_claim(world: World, route: str, state: str) -> Asked:
    return Asked(_place(world, route, state), Code().hashed)


def _recovery(world: World, route: str, state: str) -> Asked:
    world.forget_attempts()
    slip = world.filed["open" if state == "stranger" else state].slip
    number = "027180009999" if state == "stranger" else "027180001234"
    return Asked(route, {"slip": slip, "identity_number": number} | Code().hashed)


def _take(world: World, route: str, state: str) -> Asked:
    """Into a vault of the colleague's."""
    dossier = begin(world, "clerk").dossier if state == "begun" else world.filed[state].dossier
    secret, mine = _claimed(world)
    colleague, adopt = world.account("colleague").id, people.adopt
    assert world.caller.parts.record.now(lambda conn: adopt(conn, mine["owner"], colleague))
    return Asked(route.replace("{dossier}", dossier), {"key": new_point()}, bearer(secret))


def _rewrap(world: World, route: str, state: str) -> Asked:
    device = (world.filed[state].device if state != "begun" else None) or _device(world)
    return Asked(_place(world, route, state), {"key": new_point()}, device.bearer)


def _payment(world: World, route: str, state: str) -> Asked:
    """`device`: the owner's grant; `foreign`, `revoked`: another owner's, and one that ended."""
    if state not in ("device", "foreign", "revoked"):
        return Asked(_place(world, route, state), {})
    path = _place(world, route, "open")
    if state == "device":
        return Asked(path, {}, _device(world).bearer)
    secret, free = _claimed(world)
    if state == "revoked":
        _revoke(world, free["hash"])
    return Asked(path, {}, bearer(secret))


def _device(world: World) -> Device:
    device = world.filed["open"].device
    assert device is not None
    return device


def _owner(world: World) -> str:
    return world.filed["open"].owner


def _claimed(world: World) -> tuple[str, dict[str, str]]:
    """An owner that nobody adopted yet."""
    secret, body = new_grant()
    assert world.ask("POST", "/api/grants", {}, body).status_code == 201
    return secret, body


def _granted(world: World, revoked: bool = False, lost: bool = False) -> tuple[str, str]:
    """(grant, device) of another device of the applicant's."""
    body = new_grant()[1] | {"owner": _owner(world)}
    applicant = world.sign_in("applicant")
    assert world.ask("POST", "/api/grants/renew", applicant, body).status_code == 201
    record, now = world.caller.parts.record, world.caller.clock()

    def end(conn: Any) -> str:
        owners = people.owners_of(conn, world.account("applicant").id)
        [grant] = [g for g in grants.of_owners(conn, owners) if g.device == body["device"]]
        if revoked or lost:
            grants.revoke(conn, grant.id, now, lost)
        return grant.id

    return record.now(end), body["device"]


def _told(world: World, route: str, state: str) -> Asked:
    """`device`: with the grant of the owner's database; `foreign`: of another; `revoked`: ended."""
    paid = _payment(world, route, state)
    return replace(paid, body={"version": newest("notice_sms")["version"], "language": "vi"})


def _queue(body: Any) -> Callable[[World, str, str], Asked]:
    """`state` is the point; a number that nobody has is at none."""

    def ask(world: World, route: str, state: str) -> Asked:
        path = route.replace("{number}", secrets.token_hex(16))
        return Asked(path.replace("{point}", "bn-08" if state == "unknown" else state), body)

    return ask


SPECIAL: dict[str, Callable[[World, str, str], Asked]] = {
    "POST /api/grants": _first_grant,
    "POST /api/grants/renew": _renewed,
    "POST /api/grants/adopt": _adopted,
    "DELETE /api/grants/{grant}": _ended,
    "GET /api/passkeys": _session,
    "POST /api/passkeys/another": _another,
    "POST /api/passkeys/another/finish": _added,
    "GET /api/session": _session,
    "DELETE /api/session": _session,
    "POST /api/demo": lambda world, route, state: Asked(route, {"token": "A" * 43}),
    "POST /api/follow": _slip,
    "POST /api/claims": _claim,
    "POST /api/clerk/dossiers/{dossier}/claim": _new_claim,
    "POST /api/clerk/recoveries": _recovery,
    "POST /api/clerk/dossiers/{dossier}/take": _take,
    "POST /api/dossiers/{dossier}/key": _rewrap,
    "POST /api/dossiers/{dossier}/payments": _payment,
    "POST /api/dossiers/{dossier}/notices/{channel}": _told,
    "DELETE /api/dossiers/{dossier}/notices/{channel}": _told,
    "POST /api/passkeys/registration/finish": _ceremony,
    "POST /api/passkeys/assertion": lambda world, route, state: Asked(route, {"role": "officer"}),
    "POST /api/passkeys/assertion/finish": _ceremony,
    "POST /api/invitations/inspect": _invitation,
    "POST /api/desk/retests/{dossier}": _dossier({"outcome": "decline", "reason": "full"}),
    "GET /api/queue/{point}": _queue(None),
    "GET /api/queue/{point}/screen": _queue(None),
    "POST /api/queue/{point}/numbers": _queue({}),
    "POST /api/queue/{point}/next": _queue({"counter": "1"}),
    "POST /api/queue/{point}/numbers/{number}": _queue({"action": "served"}),
    "POST /api/desk/dossiers/{dossier}/decision": _dossier(STALE),
    "POST /api/desk/dossiers/{dossier}/actions": _dossier({"action": "resume"}),
}
