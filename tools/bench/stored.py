"""A database that has been used for a month: lookups of many browsers, each with a provider list."""

from __future__ import annotations

from itertools import islice

import sqlalchemy as sa

AT_ONCE = 5_000
BEGAN, APART = 1_787_000_000.0, 26.0
"""The first lookup's moment in epoch seconds, and the seconds between two."""
FIXED: dict[str, object] = {
    "environment": "CUSTOM",
    "street1": "1 Main St",
    "zip": "48226",
    "state": "done",
    "outcome": "served",
}
PROVIDERS = '[{"provider_name": "Northfield Fiber"}]' * 20


def fill(engine: sa.Engine, count: int) -> None:
    """Adds so many finished lookups, whatever columns the schema has: those that must be filled get a value."""
    tables = sa.MetaData()
    tables.reflect(engine, only=["lookup", "snapshot"])
    lookup, snapshot = tables.tables["lookup"], tables.tables["snapshot"]
    needed = [column.name for column in lookup.columns if not column.nullable or column.name in FIXED]
    lookups = ({name: _value(name, number) for name in needed} for number in range(count))
    lists = ({"lookup_id": _id(number), **_LIST} for number in range(count))
    with engine.begin() as connection:
        for table, rows in ((lookup, lookups), (snapshot, lists)):
            while some := list(islice(rows, AT_ONCE)):
                connection.execute(sa.insert(table), some)


_LIST = {"digest": "0" * 64, "taken_at": BEGAN, "providers": PROVIDERS}


def _id(number: int) -> str:
    return f"stored-{number:015d}"


def _value(name: str, number: int) -> object:
    own = {
        "id": _id(number),
        "viewer": f"viewer-{number % 500}",
        "submit_key": f"key-{number}",
        "search_text": f"{number} main st",
    }
    if name in {"created_at", "window_started_at"}:
        return BEGAN + number * APART
    return own.get(name, FIXED.get(name, 1))
