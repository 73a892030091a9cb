"""Recipes as pages of code blocks, and the Tocsin that they are run against."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import signals

from tests.api.conftest import MakeToken, _fresh_limits, make_token
from tests.client.conftest import script
from tocsin.checks.models import Check, ManualRun
from tocsin.kit import clock

__all__ = ["_fresh_limits", "make_token", "script"]

RECIPES = Path(__file__).parents[2] / "docs" / "recipes"
PATIENCE = 30  # seconds, a program

Ran = subprocess.CompletedProcess[str]
Run = Callable[..., Ran]


def blocks(page: str, language: str) -> list[str]:
    """Return the code of a recipe in one language, in the page's order."""
    text = (RECIPES / page).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a program on its standard input, with these variables and no others of Tocsin's."""

    def start(command: list[str], text: str, **variables: str) -> Ran:
        kept = {name: value for name, value in os.environ.items() if "TOCSIN" not in name}
        return subprocess.run(
            command,
            input=text,
            env={**kept, "PYTHONWARNINGS": "error", **variables},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    return start


@pytest.fixture
def ending() -> Iterator[dict[str, Any]]:
    """What a check ends with; all that are pending end when somebody comes to look at one."""
    ends: dict[str, Any] = {"status": "completed", "outcome": "ok", "result": {}}

    def end(environ: dict[str, Any], **_: Any) -> None:
        if environ["PATH_INFO"].startswith("/api/v1/checks/"):
            now = clock.now()
            pending = Check.objects.filter(status="pending")
            pending.update(**ends, completed_at=now, updated_at=now)
            ManualRun.objects.filter(finished_at=None).update(finished_at=now)

    signals.request_started.connect(end)
    yield ends
    signals.request_started.disconnect(end)


@pytest.fixture
def tocsin(
    live_server: Any, make_token: MakeToken, bob: Any, site: Any, ending: Any
) -> dict[str, str]:
    """A server with a site, as the recipes are told of it."""
    return {
        "TOCSIN_URL": live_server.url,
        "TOCSIN_TOKEN": make_token(bob).plaintext,
        "TOCSIN_SITE": str(site.pk),
    }
