"""Browsers by the names that people give them."""

from __future__ import annotations

import pytest

from webapp.identity.browsers import UNKNOWN, browser_name

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (f"{WINDOWS} {CHROME} Safari/537.36", "Chrome on Windows"),
        (f"{WINDOWS} {CHROME} Safari/537.36 Edg/140.0.0.0", "Edge on Windows"),
        (f"{WINDOWS} {CHROME} Safari/537.36 OPR/120.0.0.0", "Opera on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15",
            "Safari on Mac",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140.0 Mobile/15E148 Safari/604.1",
            "Chrome on iPhone",
        ),
        ("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPad"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} Mobile Safari/537.36", "Chrome on Android"),
        (f"Mozilla/5.0 (Linux; Android 14) SamsungBrowser/28.0 {CHROME} Safari/537.36", "Samsung Internet on Android"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {CHROME} Safari/537.36", "Chrome on ChromeOS"),
        ("a program on Windows", "Windows"),
        ("", UNKNOWN),
        ("<script>", UNKNOWN),
    ],
)
def test_a_browser_has_a_name(user_agent: str, name: str) -> None:
    assert browser_name(user_agent) == name
    assert len(name) <= 40
