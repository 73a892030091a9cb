"""Installations in directories and databases of their own, filled with rows of every kind."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from scripts.with_postgres import Server
from tests.cli.conftest import Process, Ran
from tocsin.cli.main import run

FILL = Path(__file__).with_name("fill.py")


def rows_of(path: Path, table: str) -> list[tuple[Any, ...]]:
    """Return all rows of a table in an SQLite file, JSON as values, without the code under test."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(f'SELECT * FROM "{table}"').fetchall()
    return sorted((tuple(map(_value, row)) for row in found), key=lambda row: str(row[0]))


def _value(cell: Any) -> Any:
    return json.loads(cell) if isinstance(cell, str) and cell[:1] in {"{", "["} else cell


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server, whatever database the other tests use."""
    with Server() as running:
        yield running


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Process:
    """An installation with people, sites, checks, issues and a photo; not to be written to."""
    data = tmp_path_factory.mktemp("filled")
    installation = Process(data)
    installation.admin("create-user", "--email", "ann@example.com", "--name", "Änn", "--verified")
    subprocess.run([sys.executable, FILL], env=installation.environment(), check=True)
    return installation


@pytest.fixture
def inside(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """The command within this process, on no database at all."""

    def call(*arguments: str | Path) -> Ran:
        code = run([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return call


@pytest.fixture
def empty(tmp_path: Path) -> Process:
    """A directory that Tocsin never used."""
    data = tmp_path / "empty"
    data.mkdir()
    return Process(data)
