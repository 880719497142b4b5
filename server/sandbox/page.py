"""The trial page: sample papers to photograph and scan, demo links, and the switches."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Any, Literal
from urllib.parse import parse_qsl

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from server.ports import Clock
from server.sandbox.samples import Sample, sample
from server.sandbox.switches import CHOICES, Switches
from server.sandbox.twins.registry import KNOWN_SEEDS
from server.sandbox.twins.wire import VIETNAM

DemoLink = Callable[[Literal["clerk", "officer"]], Awaitable[str]]
"""Makes a fresh one-time link that opens that role's session."""

_HERE = Path(__file__).parent
_MAX_FORM = 4096
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    ),
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
_PICTURES = ("licence_front", "licence_back", "health_certificate", "portrait")
_CODES = ("id_qr", "certificate_qr")


@cache
def _words() -> dict[str, dict[str, str]]:
    said: dict[str, dict[str, str]] = json.loads((_HERE / "words.json").read_text("utf-8"))
    return said


class TrialPage:
    """`demo_link` None: demo sessions are refused here, and the page says so."""

    def __init__(
        self, switches: Switches, clock: Clock, origin: str, demo_link: DemoLink | None
    ) -> None:
        self._clock = clock
        self._switches = switches
        self._origin = origin
        self._demo_link = demo_link
        self._template = Template((_HERE / "page.html").read_text("utf-8"))

    def routes(self) -> list[Route]:
        return [
            Route("/sandbox", self._show),
            Route("/sandbox/page.css", _file("page.css")),
            Route("/sandbox/page.js", _file("page.js")),
            Route("/sandbox/papers/{seed:int}/{name}", self._paper),
            Route("/sandbox/switches", self._switch, methods=["POST"]),
            Route("/sandbox/demo/{role}", self._demo, methods=["POST"]),
        ]

    async def _show(self, request: Request) -> Response:
        lang = "en" if request.query_params.get("lang") == "en" else "vi"
        made = await self._made(_seed(request.query_params.get("person", "1")))
        return Response(self._html(lang, made), media_type="text/html", headers=HEADERS)

    async def _paper(self, request: Request) -> Response:
        """A picture or code; `?download` makes the browser keep it."""
        name = request.path_params["name"]
        made = await self._made(_seed(str(request.path_params["seed"])))
        data, suffix = papers(made).get(name.partition(".")[0], (None, ""))
        if data is None or not name.endswith(suffix):
            return PlainTextResponse("Không có giấy này. / No such paper.", 404, headers=HEADERS)
        headers = dict(HEADERS)
        if "download" in request.query_params:
            file = f"mau-{made.seed}-{name}"
            headers["content-disposition"] = f'attachment; filename="{file}"'
        media = "image/png" if suffix == ".png" else "image/jpeg"
        return Response(data, media_type=media, headers=headers)

    async def _switch(self, request: Request) -> Response:
        form = await self._form(request)
        if isinstance(form, Response):
            return form
        changes = {name: form[name] for name in form if name in CHOICES}
        truths: dict[str, Any] = {"on": True, "off": False}
        try:
            self._switches.set({name: truths.get(text, text) for name, text in changes.items()})
        except ValueError as wrong:
            return PlainTextResponse(str(wrong), 422, headers=HEADERS)
        return RedirectResponse(_back(form), 303, headers=HEADERS)

    async def _demo(self, request: Request) -> Response:
        form = await self._form(request)
        if isinstance(form, Response):
            return form
        role = request.path_params["role"]
        if self._demo_link is None or role not in ("clerk", "officer"):
            text = " / ".join(_words()[lang]["no_demo"] for lang in ("vi", "en"))
            return PlainTextResponse(text, 403, headers=HEADERS)
        return RedirectResponse(await self._demo_link(role), 303, headers=HEADERS)

    async def _form(self, request: Request) -> dict[str, str] | Response:
        """The fields of a small form from this very origin."""
        if request.headers.get("origin") != self._origin:
            text = f"Mở trang này tại {self._origin}/sandbox / Open this page at that address."
            return PlainTextResponse(text, 403, headers=HEADERS)
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > _MAX_FORM:
                return PlainTextResponse("Quá lớn. / Too large.", 413, headers=HEADERS)
        return dict(parse_qsl(body.decode("utf-8", "replace")))

    async def _made(self, seed: int) -> Sample:
        return await anyio.to_thread.run_sync(sample, seed, (self._clock() + VIETNAM).date())

    def _html(self, lang: str, made: Sample) -> str:
        words = _words()[lang]
        known = papers(made)
        blocks = {
            "demos": "\n".join(self._demos(words)),
            "codes": "\n".join(_figures(words, made.seed, known, _CODES)),
            "pictures": "\n".join(_figures(words, made.seed, known, _PICTURES)),
            "facts": "\n".join(_facts(words, made)),
            "switch_tiles": "\n".join(self._tiles(words, lang, made.seed)),
        }
        plain = {
            **words,
            "lang": lang,
            "other_lang": "vi" if lang == "en" else "en",
            "seed": str(made.seed),
            "next_seed": str(made.seed % 99 + 1),
            "person": made.person.full_name,
        }
        return self._template.substitute({k: escape(v) for k, v in plain.items()} | blocks)

    def _demos(self, words: dict[str, str]) -> Iterator[str]:
        for role in ("clerk", "officer"):
            head = f'<li class="tile"><h3>{escape(words[role])}</h3>'
            if self._demo_link is None:
                yield f"{head}<p>{escape(words['no_demo'])}</p></li>"
                continue
            yield (
                f"{head}<p>{escape(words[f'{role}_note'])}</p>"
                f'<form method="post" action="/sandbox/demo/{role}" target="_blank" rel="noopener">'
                f'<button class="button" aria-label="{escape(words["go"])}: {escape(words[role])}">'
                f"{escape(words['go'])}</button></form></li>"
            )

    def _tiles(self, words: dict[str, str], lang: str, seed: int) -> Iterator[str]:
        here = (
            f'<input type="hidden" name="lang" value="{lang}">'
            f'<input type="hidden" name="person" value="{seed}">'
        )
        for name, position in self._switches.positions().items():
            note = words.get(f"{name}_note", "")
            if isinstance(position, bool):
                note = f"{note} {words['on' if position else 'off']}."
                buttons = _button(name, "off", words["turn_off"], words[name])
                if not position:
                    buttons = _button(name, "on", words["turn_on"], words[name])
            else:
                buttons = "".join(
                    _button(name, value, words[f"{name}_{value}"], words[name], value == position)
                    for value in CHOICES[name]
                )
            yield (
                f'<li class="tile"><h3>{escape(words[name])}</h3><p>{escape(note)}</p>'
                f'<form method="post" action="/sandbox/switches" data-keep>{here}'
                f'<div class="choices">{buttons}</div></form></li>'
            )


def _button(name: str, value: str, word: str, what: str, pressed: bool | None = None) -> str:
    """`what` the button is about is said to those who do not see its tile."""
    state = "" if pressed is None else f' aria-pressed="{str(pressed).lower()}"'
    label = f"{escape(word)}: {escape(what)}"
    return (
        f'<button class="button" name="{name}" value="{value}" aria-label="{label}"{state}>'
        f"{escape(word)}</button>"
    )


def papers(made: Sample) -> dict[str, tuple[bytes, str]]:
    """name → (bytes, suffix) of everything this person has."""
    all_papers = {picture.kind: (picture.jpeg, ".jpg") for picture in made.pictures()}
    all_papers["id_qr"] = (made.id_qr_png, ".png")
    if made.certificate_qr_png:
        all_papers["certificate_qr"] = (made.certificate_qr_png, ".png")
    return all_papers


def _figures(
    words: dict[str, str], seed: int, known: dict[str, tuple[bytes, str]], names: tuple[str, ...]
) -> Iterator[str]:
    for name in names:
        if name not in known:
            continue
        label, source = escape(words[name]), f"/sandbox/papers/{seed}/{name}{known[name][1]}"
        yield (
            f'<figure><a class="picture" href="{source}" title="{escape(words["enlarge"])}">'
            f'<img src="{source}" alt="{label}, MẪU" loading="lazy"></a>'
            f'<figcaption>{label} <a class="link" href="{source}?download" download '
            f'aria-label="{escape(words["download"])}: {label}">{escape(words["download"])}</a>'
            "</figcaption></figure>"
        )


def _facts(words: dict[str, str], made: Sample) -> Iterator[str]:
    person, card, paper = made.person, made.person.licence, made.person.certificate
    rows = {
        "full_name": person.full_name,
        "date_of_birth": f"{person.date_of_birth:%d/%m/%Y}",
        "identity_number": person.identity_number,
        "licence_number": card.number,
        "licence_class": card.licence_class,
        "licence_expiry": f"{card.expiry:%d/%m/%Y}" if card.expiry else words["unlimited"],
        "certificate_number": paper.number if paper else words["no_certificate"],
    }
    for name, value in rows.items():
        yield f"<div><dt>{escape(words[name])}</dt><dd>{escape(value)}</dd></div>"


def _seed(text: str) -> int:
    """People outside the registry's range would wait for their certificate for ever."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    return number % KNOWN_SEEDS.stop


def _back(form: dict[str, str]) -> str:
    lang = "en" if form.get("lang") == "en" else "vi"
    return f"/sandbox?lang={lang}&person={_seed(form.get('person', '1'))}"


def _file(name: str) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        return FileResponse(_HERE / name, headers=HEADERS)

    return serve
