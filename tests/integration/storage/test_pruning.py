"""`flask --app webapp prune` as a timer runs it: what is old leaves no trace in any table, and what is young is all
there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.integration.storage.troubles import TROUBLES
from tests.integration.storage.upstream import Place, address_of
from webapp.lookups.retention import DAY


def prune(place: Place) -> tuple[int, str]:
    done = place.site.app.test_cli_runner().invoke(args=["prune"])
    return done.exit_code, done.output


def everything(place: Place) -> Iterator[str]:
    """Each row of each table."""
    with place.site.database() as connection:
        for table in sa.inspect(connection).get_table_names():
            yield from (str(row) for row in connection.execute(sa.text(f'SELECT * FROM "{table}"')))


def path_of(place: Place) -> str:
    """The newest lookup's."""
    with place.site.database() as connection:
        newest = connection.execute(sa.text("SELECT id FROM lookup ORDER BY created_at DESC LIMIT 1")).scalar_one()
    return f"/lookups/{newest}"


def test_of_a_pruned_lookup_nothing_is_left_in_any_table(place: Place) -> None:
    visitor, clock = place.visitor, place.site.clock
    visitor.last(visitor.look_up(street1="4711 Forgotten Ln", zip="48226"))
    old = path_of(place)
    shared = visitor.press(visitor.get(f"{old}/shares"), "Create a link")
    assert shared.status == 303
    with place.site.database() as connection:
        row = dict(connection.execute(sa.text("SELECT * FROM lookup")).mappings().one())
    traces = {
        "Forgotten",
        "FORGOTTEN",
        "forgotten",
        str(row["id"]),
        str(row["token"]),
        str(row["viewer"]),
        str(row["submit_key"]),
    }
    assert all(any(trace in line for line in everything(place)) for trace in traces - {"FORGOTTEN"})

    clock.advance(31 * DAY)
    another = place.site.visitor()
    young = another.last(another.look_up(**address_of("fast")))
    assert prune(place) == (0, "Deleted: 1 lookup, 3 recorded calls, 0 ended links, 0 lists of a state, 0 batches.\n")
    assert [line for line in everything(place) if any(trace in line for trace in traces)] == []
    assert visitor.get(old).status == 404
    assert another.get(path_of(place)).provider_names == young.provider_names
    assert prune(place) == (0, "Deleted: 0 lookups, 0 recorded calls, 0 ended links, 0 lists of a state, 0 batches.\n")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_not_even_the_bytes_of_the_file_know_it_any_more(place: Place) -> None:
    visitor = place.visitor
    visitor.last(visitor.look_up(street1="4711 Forgotten Ln", zip="48226"))
    file = Path(str(place.site.services.engine.url.database))
    place.site.close()  # which moves everything from the log into the file
    assert b"Forgotten" in file.read_bytes()
    place.site.clock.advance(31 * DAY)
    assert prune(place)[0] == 0
    place.site.close()
    assert b"forgotten" not in file.read_bytes().lower()


@pytest.mark.parametrize(
    ("database_url", "trouble"),
    [("sqlite", "moved away"), ("sqlite", "locked"), ("postgresql", "read-only")],
    indirect=["database_url"],
)
def test_when_the_database_cannot_be_used_it_says_so_and_the_next_run_does_it(
    place: Place, trouble: str, request: pytest.FixtureRequest
) -> None:
    place.visitor.last(place.visitor.look_up(**address_of("fast")))
    place.site.clock.advance(31 * DAY)
    with TROUBLES[place.site.services.engine.dialect.name][trouble].begin(place.site):
        assert prune(place) == (1, "Error: The database cannot be used right now. The next run deletes what is left.\n")
    status, said = prune(place)
    assert (status, said[:18]) == (0, "Deleted: 1 lookup,")
