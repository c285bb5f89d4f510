"""Sign-ins on both databases: listed by person, and ended one by one, by person, by name, or all at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.web.clock import START, Clock
from webapp.database import open_engine
from webapp.identity.person import Person, Role
from webapp.identity.store import Lifetime, SignIns, key_of

DAY, HOUR = 86_400.0, 3_600.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sign_ins(database_url: str, clock: Clock) -> Iterator[SignIns]:
    engine = open_engine(database_url)
    yield SignIns(engine, Lifetime(DAY, HOUR), clock=clock)
    engine.dispose()


def person(name: str) -> Person:
    return Person(f"p-{name}", name, name.title(), frozenset({Role.USER}))


def test_they_are_listed_and_ended(sign_ins: SignIns, clock: Clock) -> None:
    begun: dict[str, list[str]] = {}
    for name in ("ada", "ben", "ada", "cy", "ada"):
        begun.setdefault(name, []).append(sign_ins.begin(person(name), "", f"{name}'s browser"))
        clock.advance(60)
    number, people = sign_ins.people(2)
    assert number == 3
    assert [(found.subject, found.name, found.browsers) for found in people] == [("ada", "Ada", 3), ("cy", "Cy", 1)]
    listed = sign_ins.of_person("p-ada")
    assert [found.began_at for found in listed] == [START + 240, START + 120, START]
    assert [found.key for found in listed] == [key_of(token) for token in reversed(begun["ada"])]
    assert {found.browser for found in listed} == {"ada's browser"}

    assert sign_ins.end_one("p-ben", listed[0].key) is False
    assert sign_ins.end_one("p-ada", "\0") is False
    assert sign_ins.end_one("p-ada", listed[0].key) is True
    assert sign_ins.end_all_of("p-ada", begun_until=START + 60) == 1
    assert [sign_ins.find(token) is not None for token in begun["ada"]] == [False, True, False]
    assert sign_ins.end_others("p-ada", listed[1].key) == 0
    assert sign_ins.end_all_of("p-\0") == 0
    assert sign_ins.end_all_of_subject("ben") == 1
    assert sign_ins.end_everybodys() == 2
    assert sign_ins.people(2) == (0, [])


def test_what_has_ended_by_itself_is_not_listed_and_counts_for_nothing(sign_ins: SignIns, clock: Clock) -> None:
    sign_ins.begin(person("ada"), "", "")
    clock.advance(HOUR)
    assert sign_ins.of_person("p-ada") == []
    assert sign_ins.people(2) == (0, [])
    assert sign_ins.end_all_of("p-ada") == 0
