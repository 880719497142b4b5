"""Every route of the JSON interface, and what stands in front of the whole server."""

from __future__ import annotations

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from server.errors import NotFound
from server.web.authority import AuthorityRoutes
from server.web.clerk import ClerkRoutes
from server.web.desk import DeskRoutes
from server.web.dossiers import DossierRoutes
from server.web.follow import FollowRoutes
from server.web.grants import GrantRoutes
from server.web.guards import ApiGuard, RequestLog, SecurityHeaders
from server.web.handover import HandOverRoutes
from server.web.health import HealthRoutes
from server.web.identity import IdentityRoutes
from server.web.keys import KeyRoutes
from server.web.notices import NoticeRoutes
from server.web.papers import PaperRoutes
from server.web.parts import Parts
from server.web.passkeys import PasskeyRoutes
from server.web.payments import PaymentRoutes
from server.web.problems import NO_SUCH_METHOD, Problems, problem
from server.web.queue import QueueRoutes
from server.web.reports import ReportRoutes
from server.web.retests import RetestRoutes
from server.web.session import SessionRoutes

NOUNS = (
    GrantRoutes,
    KeyRoutes,
    PasskeyRoutes,
    SessionRoutes,
    IdentityRoutes,
    FollowRoutes,
    DossierRoutes,
    PaperRoutes,
    HandOverRoutes,
    PaymentRoutes,
    NoticeRoutes,
    ClerkRoutes,
    DeskRoutes,
    QueueRoutes,
    RetestRoutes,
    ReportRoutes,
    AuthorityRoutes,
    HealthRoutes,
)
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def api_routes(parts: Parts) -> list[Route]:
    """Everything under /api and the three health pages, the first match wins. What is left of
    /api is a 404 problem, so that the shell never answers for a missing route."""
    routes = [route for noun in NOUNS for route in noun(parts).routes()]

    async def nothing_here(request: Request) -> Response:
        near = [route for route in routes if route.matches(request.scope)[0] == Match.PARTIAL]
        if not near:
            raise NotFound()
        allowed = sorted({method for route in near for method in route.methods or ()})
        headers = {"allow": ", ".join(allowed)}
        return problem(405, "method_not_allowed", NO_SUCH_METHOD, headers=headers)

    return [*routes, Route("/api/{rest:path}", nothing_here, methods=METHODS)]


def middleware(parts: Parts) -> list[Middleware]:
    """Outermost first; for the whole application, /db and the shell included."""
    return [
        Middleware(RequestLog, counts=parts.requests),
        Middleware(SecurityHeaders, secure=parts.settings.secure),
        Middleware(Problems),
        Middleware(ApiGuard, origin=parts.settings.origin),
    ]
