"""Runs the command: within this process for its rules, as a process of its own for the rest."""

import io
import json
import os
import subprocess
import sys
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tocsin.cli.main import run

SECONDS = 60


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on standard output; the command must have gone well."""
        assert (self.code, self.err) == (0, ""), self
        return json.loads(self.out)

    @property
    def refusal(self) -> str:
        """The one line on standard error; the command must have failed and printed nothing."""
        assert (self.code, self.out) == (1, ""), self
        assert self.err.count("\n") == 1, self
        return self.err.strip()


class Cli(ABC):
    """Something that runs a command line."""

    @abstractmethod
    def __call__(self, *arguments: str, stdin: str = "") -> Ran:
        """Run it."""

    def admin(self, *arguments: str, stdin: str = "") -> Any:
        """Run an operator's command with `--json` and return the document."""
        return self("admin", *arguments, "--json", stdin=stdin).json


@dataclass(frozen=True)
class Inside(Cli):
    """Runs within this process, on the tests' database."""

    capture: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch

    def __call__(self, *arguments: str, stdin: str = "") -> Ran:
        self.patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        self.capture.readouterr()
        code = run(arguments)
        out, err = self.capture.readouterr()
        return Ran(code, out, err)


@dataclass(frozen=True)
class Process(Cli):
    """Runs as people and programs do: as a process of its own, on one data directory."""

    data: Path

    def __call__(self, *arguments: str, stdin: str = "", **environment: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "tocsin.cli.main", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
            cwd=self.data,
            env={**self.environment(), **environment},
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def environment(self) -> dict[str, str]:
        """Return the environment that the command runs in."""
        inherited = {key: value for key, value in os.environ.items() if key[:7] != "TOCSIN_"}
        return {**inherited, "TOCSIN_DATA_DIR": str(self.data)}


@pytest.fixture
def cli(db: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Inside:
    """The command on the tests' database, in an installation that is there."""
    monkeypatch.setenv("TOCSIN_SECRET_KEY", settings.SECRET_KEY)
    return Inside(capsys, monkeypatch)


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Process:
    """The command on a data directory that the tests of a module share."""
    return Process(tmp_path_factory.mktemp("data"))
