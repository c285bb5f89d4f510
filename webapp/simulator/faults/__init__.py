"""Faults of the catalog: each takes the answer that would have been given and returns the one that is given."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response

AnswerFault = Callable[[Response], Response]

MARKUP = '<script>alert("markup of a fault")</script>'
"""In every page and text of a fault, so that a test finds out where they are shown unescaped."""
