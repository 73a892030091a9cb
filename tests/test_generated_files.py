"""Files that are made from the API's description: up to date, and of use to others."""

import json
import re
from typing import Any

import pytest

from scripts import api_markdown, mcp_markdown, postman
from scripts.generated import ROOT, stale
from tests.api.description import document, operations
from tocsin.api.v1.openapi.document import document as described


@pytest.fixture(scope="module")
def collection() -> Any:
    return json.loads((ROOT / postman.COLLECTION).read_text(encoding="utf-8"))


def test_it_keeps_the_markdown_up_to_date() -> None:
    """`make docs` writes it."""
    assert stale(api_markdown.files(described())) == []


def test_it_keeps_the_postman_collection_up_to_date() -> None:
    """`make postman` writes it, each time the same."""
    assert stale(postman.files(described())) == []


def test_it_keeps_the_table_of_mcp_tools_up_to_date() -> None:
    """Scope by tool, from the tools themselves."""
    assert stale(mcp_markdown.files()) == []


def test_it_notices_a_change() -> None:
    changed = {**described(), "info": {**described()["info"], "description": "Other."}}
    assert stale(postman.files(changed)) == [postman.COLLECTION]
    assert stale(api_markdown.files(changed)) == ["docs/api/README.md"]


def test_it_has_every_operation_in_markdown() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "docs/api").glob("*.md")]
    headings = re.findall(r"^## (\w+)$", "\n".join(texts), flags=re.MULTILINE)
    assert set(headings) == {str(operation) for operation in operations(document())}


def test_it_is_a_collection_of_version_2_1(collection: Any) -> None:
    """A folder a group, an item an operation, each with what the format asks of it."""
    assert collection["info"]["schema"].endswith("/v2.1.0/collection.json")
    assert collection["auth"]["bearer"][0]["value"] == "{{token}}"
    items = [item for folder in collection["item"] for item in folder["item"]]
    assert {item["name"] for item in items} == {str(each) for each in operations(document())}
    ids = [part["id"] for folder in collection["item"] for part in (folder, *folder["item"])]
    assert len(set(ids)) == len(ids)
    for item in items:
        url = item["request"]["url"]
        assert url["raw"] == "{{base_url}}/" + "/".join(url["path"])
        named = {part[1:] for part in url["path"] if part.startswith(":")}
        assert named == {each["key"] for each in url.get("variable", [])}
        if "body" in item["request"]:
            assert json.loads(item["request"]["body"]["raw"])
        assert item["event"][0]["script"]["exec"]


def test_it_brings_every_variable_in_the_environment(collection: Any) -> None:
    environment = json.loads((ROOT / postman.ENVIRONMENT).read_text(encoding="utf-8"))
    known = {each["key"]: each for each in environment["values"]}
    assert set(re.findall(r"\{\{(\w+)\}\}", json.dumps(collection))) == set(known)
    assert (known["token"]["type"], known["token"]["value"]) == ("secret", "")
