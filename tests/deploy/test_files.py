"""The files in deploy/ name settings, roles and commands that there are."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.conftest import DEPLOY
from tocsin.checks.tools import Weight
from tocsin.config.environment import Environment
from tocsin.runtime.bus.nats import topology
from tocsin.runtime.roles import Role

PROGRAM = "/opt/tocsin/.venv/bin/tocsin"
# Read by the NATS server, not by Tocsin.
PASSWORDS = {"TOCSIN_BUS_CENTRE_PASSWORD", "TOCSIN_BUS_PROBER_EU_PASSWORD"}
STREAMS = re.compile(rf"{topology.RESULTS_STREAM}|TOCSIN_REQUESTS_\w+")
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())


def named(path: Path) -> str:
    return str(path.relative_to(DEPLOY))


@pytest.mark.parametrize("path", FILES, ids=named)
def test_it_names_settings_that_there_are(path: Path) -> None:
    text = STREAMS.sub("", path.read_text(encoding="utf-8"))
    known = {f"TOCSIN_{name.upper()}" for name in Environment.model_fields}
    assert set(re.findall(r"TOCSIN_[A-Z_]+", text)) - known <= PASSWORDS


@pytest.mark.parametrize("path", FILES, ids=named)
def test_it_names_roles_that_there_are(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace('", "', " ").replace('["', "")
    for found in re.findall(r"\brun ((?:(?:[a-z]+)\b ?)+)(?= --|\"|$)", text, re.MULTILINE):
        roles = [word for word in found.split() if word.isalpha()]
        assert set(roles) <= set(Role), found


def test_it_lets_probers_take_of_every_weight() -> None:
    """A weight that the file does not know would be refused to every prober."""
    text = (DEPLOY / "nats" / "nats.conf").read_text(encoding="utf-8")
    for weight in Weight:
        queue = topology.requests_queue("eu", weight)
        assert f'"$JS.API.CONSUMER.MSG.NEXT.{queue.stream}.{queue.taker}"' in text
        assert f'"$JS.ACK.{queue.stream}.{queue.taker}.>"' in text


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_it_gives_units_that_systemd_can_read(tmp_path: Path) -> None:
    units = []
    for path in (DEPLOY / "systemd").glob("*.service"):
        unit = tmp_path / path.name
        # The programs are not installed where tests run.
        unit.write_text(
            path.read_text("utf-8").replace("/opt/tocsin/.venv/bin/tocsin", "/bin/true")
        )
        units.append(str(unit))
    command = ["systemd-analyze", "verify", "--man=no", *units]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    complaints = [line for line in done.stderr.splitlines() if "tocsin-" in line]
    assert complaints == []
