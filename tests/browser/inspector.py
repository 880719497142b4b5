"""What makes a page usable by everybody, looked at in the built app: axe-core's WCAG 2.2 AA rules
in light and dark, and what axe cannot see: reflow at 320 px, text at 200 %, the size of targets,
labels, visible focus, a way through by keyboard."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.journey.processes import CHECKOUT

AXE = (CHECKOUT / "pwa/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = ["color-contrast", "link-in-text-block"]  # what a scheme can change
NARROW = {"width": 320, "height": 568}
TARGET = 48  # px, interface.md; WCAG 2.2 AA asks for 24
INLINE_TARGET = 24

RUN_AXE = """async (only) => (await axe.run(document, {runOnly: only})).violations.map(
  (found) => `${found.id}: ${found.nodes.map((node) => node.target.join(" ")).join(", ")}`)"""
LOOK = Path(__file__).with_name("inspect.js").read_text(encoding="utf-8").partition("\n")[2]


@dataclass
class Inspector:
    """Looks at pages as they are passed and keeps what is wrong with them."""

    page: Page
    wrong: list[str] = field(default_factory=list)
    titles: set[str] = field(default_factory=set)

    def look(self, name: str) -> None:
        expect(self.page.locator("h1")).to_be_visible()
        self._measure(name)
        self._other_scheme(name)
        self._keyboard(name)
        before = self.page.viewport_size
        self.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        self._room(name, "320 px")
        self.page.evaluate("() => { document.documentElement.style.fontSize = '225%'; }")
        self._room(name, "320 px and twice the text")
        self.page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
        if before:
            self.page.set_viewport_size(before)
        self.titles.add(self.page.title())

    def _measure(self, name: str) -> None:
        session = self.page.context.new_cdp_session(self.page)  # past the page's own CSP
        session.send("Runtime.evaluate", {"expression": f"{AXE};0"})
        session.detach()
        self._note(name, "as it is", self.page.evaluate(RUN_AXE, TAGS))
        self._note(name, "small target", self._ask(f"small({TARGET}, {INLINE_TARGET})"))
        self._note(name, "no label", self._ask("unlabelled()"))
        self._note(name, "overlap", self._ask("overlaps()"))
        if self.page.locator("h1").count() != 1:
            self._note(name, "headings", [f"{self.page.locator('h1').count()} h1"])

    def _other_scheme(self, name: str) -> None:
        if self.page.evaluate("() => matchMedia('(forced-colors: active)').matches"):
            return  # one palette, whatever the scheme
        dark = self.page.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches")
        self.page.emulate_media(color_scheme="light" if dark else "dark")
        found = self.page.evaluate(RUN_AXE, {"type": "rule", "values": COLOURS})
        self._note(name, "light" if dark else "dark", found)
        self.page.emulate_media(color_scheme="dark" if dark else "light")

    def _keyboard(self, name: str) -> None:
        """Tab reaches every stop, each visibly, and then leaves the page."""
        self._ask("start()")
        stops = self._ask("stops()")
        seen: set[int] = set()
        for _ in range(stops + 2):  # the link past the header, and the step out of the page
            self.page.keyboard.press("Tab")
            focused = self._ask("focused()")
            if focused is None:
                break
            if focused["counts"]:
                seen.add(focused["at"])
            if not focused["marked"]:
                self._note(name, "focus not visible", [focused["name"]])
            if not focused["shown"]:
                self._note(name, "focus off the screen", [focused["name"]])
        if len(seen) < stops:
            self._note(name, "keyboard", [f"{len(seen)} of {stops} stops reached"])

    def _room(self, name: str, how: str) -> None:
        self._note(name, how, self._ask("tooWide()"))
        self._note(name, how, self._ask("clipped()"))
        self._note(name, how, self._ask("overlaps()"))

    def _ask(self, question: str) -> Any:
        return self.page.evaluate(f"() => ({LOOK.rstrip()}).{question}")

    def _note(self, name: str, how: str, found: list[Any]) -> None:
        self.wrong += [f"{name} ({how}): {one}" for one in found]
