"""The server as one ASGI application."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from server.container import Parts, build, utc_now
from server.ports import Clock
from server.settings import CHECKOUT, Settings
from server.web.routes import api_routes, middleware
from server.web.static import Static

log = logging.getLogger("doibang")
Announce = Callable[[list[str]], None]


def create_app(
    settings: Settings,
    clock: Clock = utc_now,
    empty: bool = True,
    announce: Announce | None = None,
) -> Starlette:
    """Opens the stores at once, so that what is wrong is said before anything listens; the worker
    runs from start-up to shutdown. `empty`: no sample dossiers. `announce` gets the lines that a
    person at the console wants to see, when all is ready."""
    parts = build(settings, clock)
    static = Static(CHECKOUT / "pwa" / "dist")

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(parts.worker.run(), name="worker")]
        tasks[0].add_done_callback(_say_if_it_died)
        if parts.sandbox and settings.demo and not empty:
            tasks.append(asyncio.create_task(parts.sandbox.seed(), name="seed"))
        try:
            if announce:
                announce(await _console_lines(parts, static.built))
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            await parts.close()

    app = Starlette(
        routes=_routes(parts, static),
        middleware=middleware(parts),
        lifespan=lifespan,
    )
    app.state.parts = parts
    return app


def _routes(parts: Parts, static: Static) -> list[BaseRoute]:
    """First match wins; replication is asked for most."""
    sandbox = parts.sandbox
    return [
        Mount("/db", sandbox.slowed(parts.wire) if sandbox else parts.wire),
        *(sandbox.routes() if sandbox else []),
        *api_routes(parts),
        Route("/{path:path}", static.answer),
    ]


def _say_if_it_died(task: asyncio.Task[None]) -> None:
    """The worker runs until cancelled; anything else ends the process, and its supervisor starts
    it again, rather than serving on while nothing moves."""
    if not task.cancelled() and (error := task.exception()):
        log.critical("the worker died, so the server ends", exc_info=error)
        signal.raise_signal(signal.SIGTERM)


async def _console_lines(parts: Parts, built: bool) -> list[str]:
    settings = parts.settings
    lines = [f"Đổi Bằng: {settings.origin}/"]
    if not built:
        lines.append("  the PWA is not built yet: npm run build --prefix pwa")
    if settings.sandbox:
        lines.append(f"trial page (dùng thử): {settings.origin}/sandbox")
    names = {
        "clerk": "clerk (nhân viên, Điểm BĐ-VHX Vạn Ninh)",
        "officer": "officer (cán bộ)",
    }
    lines += [f"DEMO {names[role]}: {link}" for role, link in await parts.demo_links()]
    return [*lines, "READY"]
