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
