"""A browser as its person would call it, out of what it says of itself (`User-Agent`), which can be anything."""

from __future__ import annotations

BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
"""Mark and name. Nearly all say Safari, and many Chrome: the mark that fewest say comes first."""
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}
UNKNOWN = "Unknown browser"


def browser_name(user_agent: str) -> str:
    """Such as `Firefox on Windows`."""
    named = [next((name for mark, name in marks.items() if mark in user_agent), "") for marks in (BROWSERS, SYSTEMS)]
    return " on ".join(filter(None, named)) or UNKNOWN
