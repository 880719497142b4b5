"""/api/reports: the monthly report for officers, as JSON and as files. Counts only."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server import report
from server.dossier.report import Report
from server.record import journal
from server.record.store import Connection
from server.web.body import Fields, Optional, one_of, read_query
from server.web.caller import signed_in
from server.web.parts import Parts
from server.web.replies import reply

LANGUAGE: Fields = {"language": Optional(one_of("vi", "en"))}


class ReportRoutes:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[Route]:
        return [
            Route("/api/reports/{month}.csv", self.csv, methods=["GET"]),
            Route("/api/reports/{month}.xlsx", self.xlsx, methods=["GET"]),
            Route("/api/reports/{month}", self.show, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        """→ the month's counts (server.report.as_json)."""
        return reply(report.as_json(await self._count(request, "json")))

    async def csv(self, request: Request) -> Response:
        """?language= → text/csv."""
        return await self._file(request, "csv")

    async def xlsx(self, request: Request) -> Response:
        """?language= → a spreadsheet."""
        return await self._file(request, "xlsx")

    async def _file(self, request: Request, kind: str) -> Response:
        language = read_query(request, LANGUAGE)["language"] or "vi"
        found = await self._count(request, kind)
        make, media = report.FILES[kind]
        headers = {
            "cache-control": "no-store",
            "content-disposition": f'attachment; filename="doibang-{found.month}.{kind}"',
        }
        return Response(make(found, language), 200, headers, media)

    async def _count(self, request: Request, kind: str) -> Report:
        session = await signed_in(request, self._parts.sessions, "officer")
        month, now = request.path_params["month"], self._parts.clock()
        found = await self._parts.record.read(lambda conn: report.count(conn, month, now))

        def note(conn: Connection) -> None:
            detail = {"month": found.month, "as": kind}
            journal.write(conn, now, str(session.actor), "report_read", None, detail)

        await self._parts.record.run(note)
        return found
