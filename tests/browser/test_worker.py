"""The service worker: the app without a server, and sending without a page's key."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import fill
from tests.journey.officer import eventually
from tests.journey.processes import Server

GROUP = "async (id) => (await core.drafts.list()).find((row) => row.dossier === id)?.group"


def test_starts_without_a_server(context: BrowserContext, page: Page, server: Server) -> None:
    server.stop()
    page.reload()
    expect(page.locator("h1").first).to_be_visible()
    other = context.new_page()
    other.goto("/tro-giup")
    expect(other.locator("h1").first).to_be_visible()
    assert other.evaluate("() => fetch('/api/keys').then(() => 'answered', () => 'failed')") == (
        "failed"
    )


def test_caches_no_answer_of_the_server(page: Page) -> None:
    page.evaluate("() => fetch('/api/keys')")
    cached = page.evaluate(
        """async () => {
          const urls = [];
          for (const name of await caches.keys())
            for (const request of await (await caches.open(name)).keys())
              urls.push(new URL(request.url).pathname);
          return urls;
        }"""
    )
    assert "/" in cached
    assert [url for url in cached if url.startswith(("/api", "/db", "/sandbox"))] == []


def test_sends_in_the_background_while_locked(
    context: BrowserContext, page: Page, jpeg: Callable[[int], list[int]]
) -> None:
    context.set_offline(True)
    dossier = fill(page, jpeg(90_000))
    page.evaluate("async () => { await draft.submit(); core.vault.lock(); }")
    eventually(
        lambda: page.evaluate(
            """async () =>
              (await (await navigator.serviceWorker.ready).sync.getTags()).includes("doibang")"""
        )
    )
    page.goto("about:blank")
    with context.expect_event(
        "request", lambda sent: "/db/" in sent.url and sent.service_worker is not None
    ):
        context.set_offline(False)
    page.goto("/")
    page.evaluate("async () => { window.core = await import('/core.js') }")
    eventually(lambda: page.evaluate(GROUP, dossier) == "accepted", 90)
    assert page.evaluate("() => core.vault.current()") is None
