"""In which language Tocsin answers: its pages as their reader wants, programs in English."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation

from tests.web.conftest import SignIn
from tocsin.access.actions import create_token
from tocsin.access.principal import SYSTEM
from tocsin.access.scopes import Scope
from tocsin.access.tokens import TokenKind
from tocsin.accounts.actions import update_profile
from tocsin.api.v1.openapi.document import document
from tocsin.kit import clock
from tocsin.kit.errors import InvalidInput
from tocsin.notifications.channels.contract import ChannelKind
from tocsin.notifications.mails import send_failing
from tocsin.notifications.models import Destination
from tocsin.web.templatetags.tocsin_web import in_sentence

GERMAN = {"HTTP_ACCEPT_LANGUAGE": "de-AT,de;q=0.9,en;q=0.5"}
SIGN_IN = "/accounts/login/"
PROFILE = "/settings/profile"


def _language(answer: Any) -> str:
    page = answer.content.decode()
    language: str = answer["Content-Language"]
    assert f'<html lang="{language}"' in page
    return language


@pytest.fixture
def german(alice: Any) -> Any:
    alice.language = "de"
    alice.save()
    return alice


@pytest.mark.parametrize(
    ("asked", "answered"),
    [(None, "en"), ("de", "de"), ("de-CH", "de"), ("fr,de;q=0.5", "de"), ("fr", "en"), ("%", "en")],
)
def test_it_speaks_as_the_browser_asks(asked: str | None, answered: str, db: None) -> None:
    headers = {} if asked is None else {"HTTP_ACCEPT_LANGUAGE": asked}
    answer = Client().get(SIGN_IN, **headers)
    assert _language(answer) == answered
    assert {"Accept-Language", "Cookie"} <= set(answer["Vary"].split(", "))


def test_it_speaks_as_chosen_before_signing_in_whatever_the_browser_asks(db: None) -> None:
    client = Client()
    chosen = client.post("/language", {"language": "de", "next": SIGN_IN})
    assert (chosen.status_code, chosen["Location"]) == (302, SIGN_IN)
    page = client.get(SIGN_IN, HTTP_ACCEPT_LANGUAGE="en")
    assert _language(page) == "de"
    assert 'value="de" lang="de" aria-current="true"' in page.content.decode()
    client.post("/language", {"language": "en", "next": SIGN_IN})
    assert _language(client.get(SIGN_IN, **GERMAN)) == "en"


@pytest.mark.parametrize("language", ["", "fr", "de'\"", "x" * 1000])
def test_it_keeps_no_language_that_it_does_not_speak(language: str, db: None) -> None:
    client = Client()
    client.post("/language", {"language": language, "next": SIGN_IN})
    assert "tocsin_language" not in client.cookies


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_it_leads_nowhere_else_after_the_choice(place: str, db: None) -> None:
    answer = Client().post("/language", {"language": "de", "next": place})
    assert "evil" not in answer["Location"]
    assert "javascript" not in answer["Location"]


def test_it_speaks_as_the_profile_says_at_once(alice: Any, sign_in: SignIn) -> None:
    client = sign_in(alice)
    fields = {"name": "Alice", "theme": "system"}
    answer = client.post(PROFILE, {**fields, "language": "de"}, follow=True)
    assert _language(answer) == "de"
    assert '<option value="de" selected>Deutsch</option>' in answer.content.decode()
    with translation.override("de"):
        assert translation.gettext("Your profile is saved.") in answer.content.decode()
    client.cookies["tocsin_language"] = "en"
    assert _language(client.get(PROFILE, HTTP_ACCEPT_LANGUAGE="en")) == "de"
    back = client.post(PROFILE, {**fields, "language": ""}, follow=True, HTTP_ACCEPT_LANGUAGE="de")
    assert _language(back) == "en"  # the cookie comes before what the browser asks
    del client.cookies["tocsin_language"]
    assert _language(client.get(PROFILE, **GERMAN)) == "de"


def test_it_refuses_a_profile_in_another_language(alice: Any, sign_in: SignIn) -> None:
    answer = sign_in(alice).post(PROFILE, {"name": "A", "theme": "system", "language": "fr"})
    assert answer.status_code == 422
    with pytest.raises(InvalidInput):
        update_profile(SYSTEM, alice.pk, language="fr")


def test_it_asks_the_browser_where_the_chosen_language_is_no_more(
    alice: Any, sign_in: SignIn
) -> None:
    alice.language = "tlh"
    alice.save()
    assert _language(sign_in(alice).get(PROFILE, **GERMAN)) == "de"


def test_it_leaves_no_language_behind_for_what_the_thread_does_next(
    german: Any, sign_in: SignIn
) -> None:
    client = sign_in(german)
    before = translation.get_language()
    assert _language(client.get(PROFILE)) == "de"
    assert _language(client.get("/teams/999999/sites")) == "de"
    assert translation.get_language() == before == "en"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/openapi/v1.json"),
        ("get", "/.well-known/oauth-authorization-server"),
        ("post", "/oauth/token"),
        ("post", "/oauth/register"),
        ("get", "/api/v1/teams"),
        ("get", "/api/v1/nothing"),
    ],
)
def test_it_speaks_english_to_programs(
    method: str, path: str, german: Any, sign_in: SignIn
) -> None:
    """Whatever they ask for, and whoever is signed in beside them."""
    client = sign_in(german)
    answer = getattr(client, method)(path, **GERMAN)
    assert answer.content == getattr(Client(), method)(path).content
    assert "Accept-Language" not in answer.get("Vary", "")
    assert "Content-Language" not in answer


def test_it_answers_the_token_of_a_german_in_english(german: Any, team: Any) -> None:
    """What the API refuses is written by the actions that the pages use, too."""
    bearer = create_token(
        SYSTEM, user=german, kind=TokenKind.API, name="test", scopes=tuple(Scope)
    ).plaintext
    carried = {"HTTP_AUTHORIZATION": f"Bearer {bearer}", "content_type": "application/json"}
    for status, path, body in (
        (422, f"/api/v1/teams/{team.pk}/sites", {"url": "not an address"}),
        (422, f"/api/v1/teams/{team.pk}/sites", {"url": "http://127.0.0.1/"}),
        (404, "/api/v1/teams/999999/sites", {"url": "https://example.com"}),
        (422, f"/api/v1/teams/{team.pk}/sites", {}),
    ):
        english = Client().post(path, body, **carried)
        assert english.status_code == status
        assert Client().post(path, body, **carried, **GERMAN).json() == english.json()


def test_it_describes_the_api_in_english_after_a_german_read_the_reference(
    german: Any, sign_in: SignIn
) -> None:
    described = document()
    document.cache_clear()
    with translation.override("de"):
        assert document() == described
    assert _language(sign_in(german).get("/api-reference")) == "de"


@pytest.mark.parametrize(("language", "browser"), [("de", "en"), ("en", "de")])
def test_it_mails_in_the_language_of_the_reader(language: str, browser: str, alice: Any) -> None:
    """Not in that of whoever asked for the mail."""
    alice.language = language
    alice.save()
    Client().post("/accounts/password/reset/", {"email": alice.email}, HTTP_ACCEPT_LANGUAGE=browser)
    with translation.override(language):
        expected = translation.gettext("Password Reset Email")
    assert mail.outbox[0].subject == f"[Tocsin] {expected}"


def test_it_invites_in_the_language_of_who_is_invited(
    german: Any, team: Any, mallory: Any, mails: list[Any], sign_in: SignIn
) -> None:
    """The inviter reads German; one of the two that are asked does, too."""
    client = sign_in(german, proven=True)
    for address in (mallory.email, "carol@example.com"):
        client.post(f"/teams/{team.pk}/invitations", {"email": address, "role": "viewer"})
    assert [each.subject for each in mails] == ["You are invited to Acme on Tocsin"] * 2
    mallory.language = "de"
    mallory.save()
    invitation = team.invitations.get(email=mallory.email)
    client.post(f"/teams/{team.pk}/invitations/{invitation.pk}/resend")
    assert mails[-1].subject == "Einladung in Acme auf Tocsin"
    assert "als Betrachter in das Team Acme" in mails[-1].body
    assert translation.get_language() == "en"


def test_it_tells_each_of_those_responsible_in_their_own_language(
    german: Any, team: Any, adam: Any, mails: list[Any]
) -> None:
    made = Destination.objects.create(
        team=team,
        channel=ChannelKind.EMAIL,
        configuration="",
        masked="al…@example.com",
        events=["open"],
        secret="",
        failing_since=clock.now(),
    )
    send_failing(made)
    assert {each.to[0]: each.subject for each in mails} == {
        german.email: "Ein Ziel von Acme ist seit einem Tag gestört",
        adam.email: "A destination of Acme has failed for a day",
    }


@pytest.mark.parametrize(("language", "written"), [("en", "reminder"), ("de", "Erinnerung")])
def test_it_leaves_the_nouns_of_german_their_capitals(language: str, written: str) -> None:
    with translation.override(language):
        assert in_sentence(translation.gettext_lazy("Reminder")) == written


def test_it_mails_who_chose_no_language_in_that_of_the_page(db: None) -> None:
    Client().post(
        "/accounts/password/reset/", {"email": "nobody@example.com"}, HTTP_ACCEPT_LANGUAGE="de"
    )
    with translation.override("de"):
        assert translation.gettext("Unknown Account") in mail.outbox[0].subject
