"""The peer against the real server: cuts by a killed process, and what an edit costs."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, Request, Response

from tests.browser.conftest import fill
from tests.journey.processes import Server

STATE = "() => draft.sending().state"


def _size(sent: Request) -> int:
    """Bytes that the phone puts on the wire: an uplink is the narrow side."""
    sizes = sent.sizes()
    return sizes["requestHeadersSize"] + sizes["requestBodySize"]


def test_resumes_after_the_server_was_killed(
    context: BrowserContext, page: Page, server: Server, jpeg: Callable[[int], list[int]]
) -> None:
    stored: list[str] = []
    again: list[str] = []

    def asked(sent: Request) -> None:
        if sent.method == "PUT" and sent.url in stored:
            again.append(sent.url)

    def answered(reply: Response) -> None:
        if reply.request.method == "PUT" and "/chunk:" in reply.url and reply.status == 201:
            stored.append(reply.url)
            if len(stored) == 5:
                server.kill()

    context.on("request", asked)
    context.on("response", answered)
    fill(page, jpeg(190_000))
    page.evaluate("() => draft.submit()")
    page.wait_for_function("() => core.sync.network() === 'offline' || core.sync.syncNow()")
    page.wait_for_function(f"() => ({STATE})() === 'waiting_network'")
    server.start()
    page.evaluate("() => core.sync.syncNow()")
    page.wait_for_function(f"() => ({STATE})() === 'accepted'", timeout=90_000)
    assert len(set(stored)) == 18
    assert len(set(again)) <= 2  # those in flight, whose answers were lost


def test_an_edit_after_sync_costs_two_kilobytes(
    context: BrowserContext, page: Page, jpeg: Callable[[int], list[int]]
) -> None:
    fill(page, jpeg(30_000))
    page.evaluate("() => core.sync.syncNow()")
    sent: list[Request] = []
    context.on("requestfinished", lambda one: sent.append(one) if "/draft:" in one.url else None)
    with page.expect_request_finished(lambda one: "/draft:" in one.url):
        page.evaluate("() => draft.set('phone', '+84912345679')")
    assert len(sent) == 1
    assert _size(sent[0]) <= 2048, sent[0].sizes()
