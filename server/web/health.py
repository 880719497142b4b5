"""/healthz, /readyz, /metrics: for whoever runs the server. Numbers only, nobody's data."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from server.record import devices, workload
from server.record.store import Connection
from server.web.parts import Parts
from server.web.replies import reply

log = logging.getLogger("doibang.web")

NO_DATABASE = "drafts-" + "0" * 32


class HealthRoutes:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[Route]:
        return [
            Route("/healthz", self.alive, methods=["GET"]),
            Route("/readyz", self.ready, methods=["GET"]),
            Route("/metrics", self.metrics, methods=["GET"]),
        ]

    async def alive(self, request: Request) -> Response:
        """200 while the process answers."""
        return reply({"ok": True})

    async def ready(self, request: Request) -> Response:
        """200 when both stores answer and there is a key to seal to, else 503 naming which not."""
        checks = {
            "record": await self._answers(self._record),
            "documents": await self._answers(self._documents),
            "keys": bool(self._parts.keys.public_keys()),
        }
        return reply(checks, 200 if all(checks.values()) else 503)

    async def metrics(self, request: Request) -> Response:
        """Prometheus text exposition format 0.0.4."""
        lines = ["# TYPE doibang_http_requests_total counter"]
        for (method, status), count in sorted(self._parts.requests.items()):
            labels = f'method="{method}",status="{status}"'
            lines.append(f"doibang_http_requests_total{{{labels}}} {count}")
        load = await self._parts.record.read(workload.measure)
        lines.append("# TYPE doibang_jobs gauge")
        lines += [f'doibang_jobs{{state="{k}"}} {v}' for k, v in load.jobs.items()]
        lines.append("# TYPE doibang_dossiers gauge")
        lines += [f'doibang_dossiers{{state="{k}"}} {v}' for k, v in load.dossiers.items()]
        missed = await self._parts.record.read(self._missed)
        lines.append("# TYPE doibang_devices gauge")
        lines += [f'doibang_devices{{state="{state}"}} {n}' for state, n in missed.items()]
        lines += self._parts.wire.tally.lines()
        return PlainTextResponse(
            "\n".join(lines) + "\n", media_type="text/plain; version=0.0.4; charset=utf-8"
        )

    def _missed(self, conn: Connection) -> dict[str, int]:
        before = self._parts.clock() - devices.SILENT
        found = devices.silent(conn, before)
        return {
            "silent": sum(one.incomplete > 0 and one.seen_at < before for one in found),
            "clock_ahead": sum(one.ahead is not None for one in found),
        }

    async def _record(self) -> None:
        await self._parts.record.read(workload.measure)

    async def _documents(self) -> None:
        await self._parts.documents.exists(NO_DATABASE)

    async def _answers(self, ask: Callable[[], Awaitable[None]]) -> bool:
        try:
            await ask()
        except Exception as error:
            log.warning("not ready: %s", type(error).__name__)
            return False
        return True
