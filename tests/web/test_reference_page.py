"""The API reference."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.api.description import document, operations
from tests.web.conftest import SignIn

PAGE = "/api-reference"


@pytest.fixture
def text(db: None) -> str:
    answer = Client().get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_shows_every_operation(text: str) -> None:
    """With its path, scope, permission and every status."""
    for operation in operations(document()):
        shown = re.search(
            rf'<details class="card operation" id="{operation}".*?</form>', text, re.DOTALL
        )
        assert shown is not None, operation
        part = shown[0]
        assert operation.path in part
        assert f'data-try="{operation.method.upper()}"' in part
        for word in (*operation.details["security"][0]["token"], "curl", "Python", "JavaScript"):
            assert word in part
        for status in operation.details["responses"]:
            assert status in part
        for parameter in operation.details["parameters"]:
            assert f"<code>{parameter['name']}</code>" in part


def test_it_runs_nothing_inline(text: str) -> None:
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", text)


def test_it_keeps_the_token_out_of_forms_and_storage(text: str) -> None:
    """The field has no name and stands in no form, so no browser sends it anywhere by itself."""
    field = re.search(r"<input[^>]*data-token>", text)
    assert field is not None
    assert 'type="password"' in field[0]
    assert 'autocomplete="off"' in field[0]
    assert "name=" not in field[0]
    before = text[: field.start()]
    assert before.count("<form") == before.count("</form>")


def test_it_labels_every_control(text: str) -> None:
    labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', text))
    ids = re.findall(r'<(?:input|select|textarea)[^>]*\sid="([^"]+)"', text)
    assert len(set(ids)) == len(ids)
    assert set(ids) <= labelled
    assert len(re.findall(r"<h1[ >]", text)) == 1


def test_it_stands_in_the_frame_of_whoever_is_signed_in(
    sign_in: SignIn, alice: Any, team: Any
) -> None:
    signed_in = sign_in(alice).get(PAGE).content.decode()
    assert 'aria-label="Main"' in signed_in
    assert 'aria-label="Main"' not in Client().get(PAGE).content.decode()


def test_it_is_found_from_the_tokens(sign_in: SignIn, alice: Any) -> None:
    page = sign_in(alice, proven=True).get("/settings/tokens").content.decode()
    assert f'href="{PAGE}"' in page
