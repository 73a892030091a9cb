"""`tocsin copy-database`: there and back, counted and hashed by others than the code under test."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

from scripts.with_postgres import Server
from tests.cli.conftest import Process, Ran
from tests.copying.conftest import rows_of
from tocsin.config.databases import database_settings
from tocsin.copying import connecting, copy
from tocsin.copying.errors import CopyError
from tocsin.copying.rows import Row
from tocsin.copying.sqlite import Sqlite
from tocsin.copying.tables import Column, Kind, Table

TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
numbers = count(1)


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def counts(path: Path) -> dict[str, int]:
    names = [name for (name,) in rows(path, TABLES) if name != "django_migrations"]
    return {name: rows(path, f'SELECT count(*) FROM "{name}"')[0][0] for name in names}


@pytest.fixture
def url(server: Server) -> str:
    return server.create_database(f"target{next(numbers)}")


def test_it_goes_to_postgresql_and_back_without_a_difference(
    filled: Process, url: str, tmp_path: Path
) -> None:
    there = filled("copy-database", url, "--json").json
    assert (there["ok"], there["was_running"]) == (True, False)
    source = filled.data / "tocsin.sqlite3"
    assert {each["table"]: each["target_rows"] for each in there["tables"]} == counts(source)
    with psycopg.connect(url) as connection:
        (result, updated) = connection.execute(
            "SELECT result, updated_at FROM checks_check WHERE result->>'n' = '1'"
        ).fetchone()  # type: ignore[misc]
        assert result["a"] == [None, True, 0, 1e16, 1.5e300, 0.1, 2**70, -1e-7]
        assert updated.isoformat() == "2026-11-24T09:00:00.000001+00:00"
        new = "INSERT INTO auth_group (name) VALUES ('x') RETURNING id"
        assert connection.execute(new).fetchone() == (1,)
        last = connection.execute("SELECT nextval('teams_team_id_seq')").fetchone()
        # Number 2 was given to a team that is gone.
        assert last == (3,)
        connection.rollback()
    back = tmp_path / "back.sqlite3"
    key = (filled.data / "secret_key").read_text().strip()
    and_back = filled(
        "copy-database", f"sqlite://{back}", "--json",
        TOCSIN_DATABASE_URL=f"{url}?sslmode=prefer", TOCSIN_SECRET_KEY=key,
    ).json  # fmt: skip
    assert [each["hash"] for each in and_back["tables"]] == [
        each["hash"] for each in there["tables"]
    ]
    for table in ("accounts_user", "sites_site", "checks_schedule", "checks_check"):
        assert rows_of(source, table) == rows_of(back, table)
    refused = filled("copy-database", url, "--json").refusal
    assert "not empty" in refused


@pytest.mark.parametrize(
    "url", ["postgres://tocsin@127.0.0.1:1/nowhere", "sqlite:////nowhere/at/all"]
)
def test_it_says_that_the_target_cannot_be_reached(
    url: str, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock(), pytest.raises(CopyError, match="cannot be reached"):
        connecting.add("unreachable", database_settings(url, Path()))
    del connections["unreachable"], connections.settings["unreachable"]


@pytest.mark.parametrize("url", ["here", "mysql://host/name", "postgres://host:port/name"])
def test_it_refuses_other_targets_as_wrong_usage(inside: Callable[..., Ran], url: str) -> None:
    ran = inside("copy-database", url)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)


class Forgetful(Sqlite):
    """Loses one row of what it is given."""

    def write(self, table: Table, rows: Any, *, dangling: bool) -> None:
        super().write(table, rows[1:], dangling=dangling)


class Altering(Sqlite):
    """Changes one value a little."""

    def write(self, table: Table, rows: Any, *, dangling: bool) -> None:
        changed: list[Row] = [(rows[0][0], f"{rows[0][1]} "), *rows[1:]]
        super().write(table, changed, dangling=dangling)


@pytest.mark.parametrize("broken", [Forgetful, Altering])
def test_it_keeps_nothing_where_both_sides_differ(tmp_path: Path, broken: type[Sqlite]) -> None:
    table = Table("t", (Column("id", Kind.INTEGER), Column("name", Kind.TEXT)))
    for name, values in (("source", "(1, 'a'), (2, 'b')"), ("target", "(3, 'kept')")):
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)")
            connection.execute(f"INSERT INTO t VALUES {values}")
            connection.commit()
    with (
        closing(Sqlite(tmp_path / "source")) as source,
        closing(broken(tmp_path / "target")) as target,
        pytest.raises(copy.Differs, match="differs in t;") as raised,
    ):
        copy.copy(source, target, [table], lambda *_: None)
    (compared,) = raised.value.copied
    assert (compared.rows, compared.ok) == (2, False)
    assert rows(tmp_path / "target", "SELECT * FROM t") == [(3, "kept")]


def test_it_copies_one_moment_while_others_write(tmp_path: Path) -> None:
    table = Table("t", (Column("id", Kind.INTEGER),))
    path = tmp_path / "source"
    with closing(sqlite3.connect(path)) as writer, closing(Sqlite(path)) as source:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("CREATE TABLE t (id INTEGER PRIMARY KEY)")
        writer.execute("INSERT INTO t VALUES (1)")
        writer.commit()
        with source.reading():
            writer.execute("INSERT INTO t VALUES (2)")
            writer.commit()
            assert list(source.read(table)) == [(1,)]
        with source.reading():
            assert list(source.read(table)) == [(1,), (2,)]
