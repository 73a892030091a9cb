"""The examples of docs/python-client.md, run against a server."""

import re
from pathlib import Path
from typing import Any

import pytest

import tocsin_client
from tests.api.conftest import MakeToken
from tests.client.test_waiting import end

PAGE = Path(__file__).parents[2] / "docs/python-client.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.django_db(transaction=True)
def test_it_shows_examples_that_run(
    live_server: Any,
    make_token: MakeToken,
    bob: Any,
    site: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each as it stands, over HTTP."""
    monkeypatch.setenv("TOCSIN_URL", live_server.url)
    monkeypatch.setenv("TOCSIN_TOKEN", make_token(bob).plaintext)
    monkeypatch.setattr("time.sleep", lambda _: [end("status"), end("ssl")])
    assert len(EXAMPLES) == 4
    for example in EXAMPLES:
        exec(compile(example, str(PAGE), "exec"), {})
    printed = capsys.readouterr().out
    assert "Example https://example.com not checked yet" in printed
    assert "0 failed in 30 days" in printed
    assert "2 of 2 after" in printed
    assert "{'status': 'ok', 'ssl': 'ok'}" in printed
    assert "{'url': [" in printed


def test_it_names_every_error() -> None:
    """In the table of the page."""
    page = PAGE.read_text(encoding="utf-8")
    errors = [name for name in tocsin_client.__all__ if name.endswith("Error")]
    assert [name for name in errors if f"`{name}`" not in page] == []
