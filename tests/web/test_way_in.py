"""Sessions that end while a page is open: nothing is lost without a word."""

from typing import Any

from django.test import Client

from tests.web.conftest import SignIn

HERE = {"Referer": "http://testserver/teams/7/sites?page=2#add-site"}


def test_it_tells_a_part_that_renews_itself_and_sends_it_no_page(db: None) -> None:
    answer = Client().get("/teams/7/live", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (401, b"")


def test_it_says_that_a_form_came_to_nothing_and_leads_back_to_it(db: None) -> None:
    answer = Client().post("/teams/7/sites/new", {"url": "https://a.example"}, headers=HERE)
    assert answer["Location"] == "/accounts/login/?next=/teams/7/sites%3Fpage%3D2"
    page = Client(headers={"Cookie": answer.cookies.output(header="", attrs=[])}).get(
        answer["Location"]
    )
    assert "nothing was changed" in page.content.decode()


def test_it_leads_to_the_page_above_what_takes_only_forms(db: None) -> None:
    site = "/teams/7/sites/00000000-0000-0000-0000-000000000000"
    above = {
        "/teams/7/monitoring/update": "/teams/7/monitoring",
        "/teams/7/invitations/3/resend": "/teams/7/",
        f"{site}/run?tools=dns": f"{site}/",
        "/settings/tokens/revoke-all": "/settings/tokens",
        "/notices/3/read": "/notices/",
    }
    for path, page in above.items():
        opened = Client().get(path)
        sent = Client().post(path, headers={"Referer": f"http://testserver{path}"})
        assert [opened["Location"], sent["Location"]] == [f"/accounts/login/?next={page}"] * 2


def test_it_leads_home_where_the_form_was_elsewhere(db: None) -> None:
    for headers in ({}, {"Referer": "https://evil.example/teams/7/sites"}):
        answer = Client().post("/teams/7/sites/new", headers=headers)
        assert answer["Location"] == "/accounts/login/?next=/"


def test_it_has_a_page_at_the_address_of_a_refused_form(
    sign_in: SignIn, alice: Any, team: Any
) -> None:
    answer = sign_in(alice).get(f"/teams/{team.pk}/sites/new")
    assert answer.status_code == 200
    assert "Add your first site" in answer.content.decode()


def test_it_says_in_the_readers_language_what_is_no_page_and_leads_to_one(
    sign_in: SignIn, alice: Any, team: Any
) -> None:
    client = sign_in(alice)
    answer = client.get(f"/teams/{team.pk}/monitoring/update", headers={"Accept-Language": "de"})
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    page = answer.content.decode()
    assert "Diese Adresse ist keine Seite" in page
    assert f'href="/teams/{team.pk}/monitoring"' in page


def test_it_leaves_what_programs_ask_for_as_it_is(sign_in: SignIn, alice: Any, team: Any) -> None:
    client = sign_in(alice)
    part = client.get(f"/teams/{team.pk}/monitoring/update", headers={"HX-Request": "true"})
    bare = [part, client.post("/openapi/v1.json"), client.head("/notices/read")]
    assert [(each.status_code, each.content) for each in bare] == [(405, b"")] * 3
    token = client.get("/oauth/token")
    assert (token.status_code, token["Content-Type"]) == (405, "application/json")
