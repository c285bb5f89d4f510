"""Addresses in a table with a header row, and in lines that name their fields (`City: Detroit`)."""

from __future__ import annotations

import csv
import re

from webapp.addresses.pastes.fieldnames import Record, record_of, role_of
from webapp.addresses.pastes.model import MOST_ADDRESSES

_DELIMITERS = "\t;|,"
_NAMED_LINE = re.compile(r"^\s*[\"']?([A-Za-z][A-Za-z0-9 /_.+#-]{0,30}?)[\"']?\s*[:=](.*)$")
_NAMES_INSIDE = re.compile(r"(?<=[\s,;&])((?:[A-Za-z][A-Za-z0-9/_+]* )?)([A-Za-z][A-Za-z0-9/_+]*)(?=\s*[:=])")
_RULE = re.compile(r"[\s|:+-]+")


def from_table(text: str) -> list[Record]:
    """One record for each row under a header row that names at least two of our fields, or a full address among
    others.
    """
    lines = [
        line.strip(" ").removeprefix("|").removesuffix("|")
        for line in text.split("\n")
        if not _RULE.fullmatch(line) and line
    ]
    for delimiter in _DELIMITERS if len(lines) > 1 else "":
        roles = [role_of(cell) for cell in _cells(lines[0], delimiter)]
        if len(set(roles) - {None}) >= 2 or (len(roles) > 1 and "full" in roles):
            rows = [_cells(line, delimiter) for line in lines[1 : MOST_ADDRESSES + 1]]
            return [record_of(list(zip(roles, row, strict=False))) for row in rows]
    return []


def from_named_lines(text: str) -> list[Record]:
    """The record of lines such as `Street: ...` and `City: ...`, or the same on one line; empty unless both kinds are
    named.
    """
    pairs: list[tuple[str | None, str]] = []
    for line in _NAMES_INSIDE.sub(_on_own_line, text).split("\n"):
        match = _NAMED_LINE.match(line)
        pairs.append((role_of(match[1]), match[2].strip().strip(" ,;&\"'")) if match else (None, line))
    named = {role for role, value in pairs if role and value}
    return [record_of(pairs)] if named & {"city", "zip", "tail"} and named & {"street1", "full", "number"} else []


def _on_own_line(match: re.Match[str]) -> str:
    before, name = match[1], match[2]
    if role_of(before + name):
        return f"\n{before}{name}"
    return f"{before}\n{name}" if role_of(name) else match[0]


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])]
    except csv.Error:
        return [cell.strip().strip('"') for cell in line.split(delimiter)]
