"""What kind of browser and system a request came from: a pair of known words and nothing else, so
that a person tells their devices apart and no device tells more of itself."""

from __future__ import annotations

OTHER = "other"
# The first that occurs decides: browsers carry the names of those that they came from.
BROWSERS = (
    ("Zalo", "zalo"),
    ("coc_coc_browser", "coccoc"),
    ("SamsungBrowser", "samsung"),
    ("Edg", "edge"),  # Edg/, EdgA/, EdgiOS/
    ("OPR/", "opera"),
    ("Firefox/", "firefox"),
    ("FxiOS/", "firefox"),
    ("CriOS/", "chrome"),
    ("Chrome/", "chrome"),
    ("Safari/", "safari"),
)
SYSTEMS = (
    ("Android", "android"),
    ("iPhone", "iphone"),
    ("iPad", "ipad"),
    ("CrOS", "chromeos"),
    ("Windows", "windows"),
    ("Macintosh", "mac"),
    ("Linux", "linux"),
)


def device_kind(user_agent: str) -> str:
    """ "chrome-android": browser and system of a `User-Agent` (RFC 9110 §10.1.5), each `other`
    where it is not known. An iPad that asks for desktop pages calls itself a Mac."""
    return f"{_first(BROWSERS, user_agent)}-{_first(SYSTEMS, user_agent)}"


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((word for token, word in known if token in user_agent), OTHER)
