"""How a frame looks: theme, and an accent color that is taken only where it can be read."""

from __future__ import annotations

import re

THEMES = ("auto", "light", "dark")
LEAST_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3, for text of usual size."""
GROUNDS = {"light": ("#ffffff", "#f6f5f1", "#efede7"), "dark": ("#14171a", "#1c2024", "#23282d")}
"""What text in the accent color stands on: paper, sheet and sunk of the style sheet."""
_COLOR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")


def read_color(text: str) -> str:
    """A color as `#rrggbb`; an empty text for anything else."""
    color = text.strip().lower()
    if not color.startswith("#"):
        color = f"#{color}"
    if not _COLOR.fullmatch(color):
        return ""
    if len(color) == 4:
        color = "#" + "".join(digit * 2 for digit in color[1:])
    return color


def contrast(first: str, second: str) -> float:
    """The ratio of two colors, from 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def themes_of(color: str) -> list[str]:
    """The themes on whose grounds the color can be read."""
    return [theme for theme, grounds in GROUNDS.items() if min(contrast(color, g) for g in grounds) >= LEAST_CONTRAST]


def accent_rule(color: str) -> str:
    """The style rule of an accent color; empty where it can be read on no ground. In the other theme our own stays."""
    themes = themes_of(color) if color else []
    if "light" in themes:
        return f":root{{--accent:light-dark({color},#6fc7d6);--on-accent:light-dark({_on(color)},#0b1f24)}}"
    if "dark" in themes:
        return f":root{{--accent:light-dark(#0d5966,{color});--on-accent:light-dark(#fff,{_on(color)})}}"
    return ""


def _on(color: str) -> str:
    """Black or white, whichever is easier to read on the color."""
    return max("#000000", "#ffffff", key=lambda text: contrast(color, text))


def _luminance(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
