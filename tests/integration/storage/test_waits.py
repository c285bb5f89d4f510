"""Every database wait has a timeout, and what ends the wait is said to be the database's fault, not a
bug.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from webapp.database import DatabaseUnavailable, Timeouts, bring_up_to_date, open_engine

SHORT = Timeouts(lock=0.1, statement=0.2, pool=0.1)
on_postgres = pytest.mark.parametrize("empty_database_url", ["postgresql"], indirect=True)


@pytest.fixture
def engine(empty_database_url: str) -> Iterator[sa.Engine]:
    engine = open_engine(empty_database_url, pool_size=1, waits=SHORT)
    yield engine
    engine.dispose()


def test_waiting_for_a_connection_out_of_the_pool_has_an_end(engine: sa.Engine) -> None:
    with engine.connect(), engine.connect(), pytest.raises(DatabaseUnavailable):
        engine.connect()


def test_waiting_for_a_lock_has_an_end(engine: sa.Engine) -> None:
    begin, write = "BEGIN IMMEDIATE", "CREATE TABLE two (n INTEGER)"
    if engine.dialect.name == "postgresql":
        begin, write = "LOCK TABLE one", "INSERT INTO one VALUES (1)"
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE one (n INTEGER)")
    with engine.connect() as holder, engine.connect() as waiting:
        holder.exec_driver_sql(begin)
        with pytest.raises(DatabaseUnavailable):
            waiting.exec_driver_sql(write)


@on_postgres
def test_a_statement_that_never_ends_is_ended(engine: sa.Engine) -> None:
    with engine.connect() as connection, pytest.raises(DatabaseUnavailable, match="statement timeout"):
        connection.exec_driver_sql("SELECT pg_sleep(60)")


@on_postgres
def test_the_limits_outlive_a_transaction_and_its_failure(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        for _ in range(2):
            assert connection.exec_driver_sql("SHOW lock_timeout").scalar() == "100ms"
            assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "200ms"
            connection.rollback()


@on_postgres
def test_a_start_waits_for_another_that_brings_the_schema_up_to_date_however_long_that_takes(engine: sa.Engine) -> None:
    with engine.connect() as other:
        other.exec_driver_sql("SET statement_timeout = 0")
        other.exec_driver_sql("SELECT pg_advisory_xact_lock(4807526976)")
        starting = threading.Thread(target=bring_up_to_date, args=(engine,))
        starting.start()
        other.exec_driver_sql(f"SELECT pg_sleep({SHORT.statement * 2})")
        assert starting.is_alive()
        other.rollback()
    starting.join(30)
    assert "lookup" in sa.inspect(engine).get_table_names()


@on_postgres
def test_what_the_url_says_of_the_connection_stays(empty_database_url: str) -> None:
    url = make_url(empty_database_url).update_query_dict({"connect_timeout": "7", "application_name": "ours"})
    engine = open_engine(url.render_as_string(hide_password=False), pool_size=1)
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        parameters = driver.info.get_parameters()
    engine.dispose()
    assert (parameters["connect_timeout"], parameters["application_name"], parameters["tcp_user_timeout"]) == (
        "7",
        "ours",
        "15000",
    )
