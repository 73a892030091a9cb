"""Settings of the heavy tools: where their programs are, and how many run at once."""

from pathlib import Path

import pytest

from tocsin.checks.tools import Weight
from tocsin.config import environment
from tocsin.config.environment import ConfigurationError
from tocsin.runtime.setup import probe_options, runner_limits


def test_it_tells_probers_where_the_programs_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("node", "lighthouse", "chromium"):
        (tmp_path / name).touch()
        monkeypatch.setenv(f"TOCSIN_{name.upper()}", str(tmp_path / name))
    monkeypatch.setenv("TOCSIN_BROWSERS", "2")
    options = probe_options(environment.load())
    assert options.node == str(tmp_path / "node")
    assert options.lighthouse == str(tmp_path / "lighthouse")
    assert options.chromium == str(tmp_path / "chromium")
    assert options.browsers == 2


def test_it_runs_four_crawls_and_one_browser_where_nobody_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits = runner_limits(environment.load())
    assert (limits[Weight.HEAVY].total, limits[Weight.BROWSER].total) == (4, 1)
    # A site is not crawled twice at once, nor slowed down while it is measured.
    assert limits[Weight.HEAVY].per_host == limits[Weight.BROWSER].per_host == 1
    monkeypatch.setenv("TOCSIN_CRAWLS", "2")
    assert runner_limits(environment.load())[Weight.HEAVY].total == 2


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("TOCSIN_CHROMIUM", "/no/such/program", "leave it unset"),
        ("TOCSIN_NODE", "/no/such/program", "22.19"),
        ("TOCSIN_LIGHTHOUSE", "/no/such/package", "directory"),
        ("TOCSIN_BROWSERS", "0", "from 1 to 16"),
        ("TOCSIN_CRAWLS", "many", "from 1 to 64"),
        ("TOCSIN_WEB_PROCESSES", "65", "from 1 to 64"),
    ],
)
def test_it_stops_at_what_cannot_be_used(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, remedy: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=name) as error:
        environment.load()
    assert remedy in str(error.value)
