"""docs/security.md names tests and places that exist, and leaves out no requirement that applies."""

from __future__ import annotations

import re
from itertools import starmap

from tests.paths import ROOT

DOCUMENT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`([\w./-]+\.(?:py|md|js))(?:::(\w+))?`")
APPLIES = """
1.1.1 1.1.2 1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.2.9 1.2.10 1.3.2 1.3.3 1.3.6 1.3.7 1.5.1 1.5.2
2.1.1 2.1.2 2.1.3 2.2.1 2.2.2 2.2.3 2.3.1 2.3.2 2.3.3 2.3.4 2.4.1
3.2.1 3.2.2 3.3.1 3.3.2 3.3.3 3.3.4 3.4.1 3.4.2 3.4.3 3.4.4 3.4.5 3.4.6 3.5.1 3.5.3 3.5.4 3.5.5 3.7.2
4.1.1 4.1.2 4.1.3 4.2.1
5.1.1 5.2.1 5.2.2 5.2.3 5.3.1 5.3.2 5.4.1 5.4.2 5.4.3
6.8.1 6.8.2 6.8.3 6.8.4
7.1.1 7.1.2 7.1.3 7.2.1 7.2.2 7.2.3 7.2.4 7.3.1 7.3.2 7.4.1 7.4.2 7.4.3 7.4.4 7.4.5 7.5.1 7.5.2 7.6.1 7.6.2
8.1.1 8.1.2 8.2.1 8.2.2 8.2.3 8.3.1 8.4.1
9.1.1 9.1.2 9.1.3 9.2.1 9.2.2 9.2.3 9.2.4
10.1.1 10.1.2 10.2.1 10.2.2 10.5.1 10.5.2 10.5.3 10.5.4 10.5.5
11.4.1 11.5.1 12.1.1 12.2.1 12.2.2 12.3.1 12.3.2
13.1.1 13.2.4 13.3.1 13.4.1 13.4.2 13.4.3 13.4.4 13.4.5
14.1.1 14.1.2 14.2.1 14.2.2 14.2.3 14.2.4 14.3.1 14.3.2 14.3.3
15.1.1 15.1.2 15.1.3 15.2.1 15.2.2 15.2.3 15.3.1 15.3.2 15.3.3 15.3.4 15.3.5 15.3.7
16.1.1 16.2.1 16.2.2 16.2.5 16.3.1 16.3.2 16.3.3 16.3.4 16.4.1 16.5.1 16.5.2 16.5.3
""".split()


def exists(name: str, definition: str) -> bool:
    """Whether a file is there, in the repository or below tests/, and defines what is named."""
    for path in (ROOT / name, ROOT / "tests" / name):
        if path.is_file():
            return not definition or bool(re.search(rf"(?m)^\s*(?:def|class) {definition}\b", path.read_text("utf-8")))
    return False


def test_every_test_and_place_that_is_named_exists() -> None:
    named = NAMED.findall(DOCUMENT)
    assert len(named) > 100
    assert [name for name, found in zip(named, starmap(exists, named), strict=True) if not found] == []


def test_no_requirement_that_applies_is_left_out() -> None:
    rows = re.findall(r"(?m)^\| (\d+\.\d+\.\d+) \| .* \| .* \| .*\|$", DOCUMENT)
    assert sorted(rows) == sorted(APPLIES)


def test_every_threat_is_answered() -> None:
    table = DOCUMENT.partition("## Threats")[2]
    cells = re.findall(r"(?m)^\| (T[^|]*) \|", table)
    assert re.findall(r"\d+", " ".join(cells)) == [str(number) for number in range(1, 34)]


def test_what_is_not_met_is_said_at_the_top() -> None:
    unmet = set(re.findall(r"(?m)^\| (\d+\.\d+\.\d+) \| .*\*\*not met\*\*", DOCUMENT))
    top = DOCUMENT.partition("## What is not met")[2].partition("\n## ")[0]
    said = {id for cell in re.findall(r"(?m)^\| ([\d., ]+) \|", top) for id in cell.split(", ")}
    assert unmet == said
