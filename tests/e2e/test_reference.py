"""The API reference, with one's own token: what is tried is really asked."""

import json
import subprocess
import sys

from playwright.sync_api import Locator, Page, expect

from tests.e2e.people import Person


def token_of(person: Person) -> str:
    """Make a token of all that this test asks for, as an operator does."""
    command = [sys.executable, "-m", "tocsin.cli.main", "admin", "create-token", "--json"]
    command += ["--email", person.email, "--name", "try it"]
    command += ["--scopes", "teams:read,sites:read,sites:write"]
    environment = person.server.environment
    made = subprocess.run(command, env=environment, capture_output=True, check=True)
    return str(json.loads(made.stdout)["token"])


def operation(page: Page, name: str) -> Locator:
    """Open an operation; return its form."""
    part = page.locator(f"#{name}")
    part.locator("summary").first.click()
    return part.get_by_role("form", name=f"Try {name}")


def answered(form: Locator, status: int) -> dict[str, object]:
    """Wait for an answer; return its body."""
    expect(form.get_by_role("status")).to_contain_text(f"{status} ")
    body: dict[str, object] = json.loads(form.locator("[data-answer]").inner_text())
    return body


def test_it_tries_what_it_describes(page: Page, person: Person) -> None:
    """Found by a search, asked with a token; and the token is gone with the page."""
    person.register(page)
    person.verify(page)
    token = token_of(person)
    page.goto("/api-reference")
    page.get_by_role("searchbox", name="Search").fill("bulk sites")
    expect(page.get_by_text("1 operation", exact=True)).to_be_visible()
    page.get_by_role("searchbox", name="Search").fill("")

    form = operation(page, "show_me")
    form.get_by_role("button", name="Send GET").click()
    expect(form.get_by_role("status")).to_contain_text("Type your token")
    field = page.get_by_label("Token for “Try it”")
    expect(field).to_be_focused()
    field.fill(token)
    form.get_by_role("button", name="Send GET").click()
    me = answered(form, 200)["data"]
    assert me["user"]["email"] == person.email  # type: ignore[index]
    team = str(me["teams"][0]["id"])  # type: ignore[index]

    form = operation(page, "create_site")
    form.get_by_label("team", exact=True).fill(team)
    form.get_by_label("Body").fill('{"url": "ftp://example.com"}')
    form.get_by_role("button", name="Send POST").click()
    assert list(answered(form, 422)["errors"]) == ["url"]  # type: ignore[call-overload]

    field.fill("toc_pat_wrong")
    form = operation(page, "list_sites")
    form.get_by_label("team", exact=True).fill(team)
    form.get_by_label("sort").select_option("name")
    with page.expect_request("**/sites?sort=name") as asked:
        form.get_by_role("button", name="Send GET").click()
    assert asked.value.headers["authorization"] == "Bearer toc_pat_wrong"
    assert answered(form, 401)["code"] == "invalid_token"
    page.reload()
    expect(page.get_by_label("Token for “Try it”")).to_have_value("")
