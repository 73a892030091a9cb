"""`Idempotency-Key` on POST; contract, section 2."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from tests.api.conftest import ClientFor, MakeToken, carrying, make_issue
from tocsin.access.idempotency import forget_answers
from tocsin.access.models import KeptAnswer
from tocsin.kit import clock
from tocsin.sites.models import Site

BODY = {"url": "https://one.example.com"}


def post(client: Client, team: Any, key: str | None = "k", body: Any = BODY, **more: Any) -> Any:
    headers = {} if key is None else {"idempotency-key": key}
    return client.post(
        f"/api/v1/teams/{team.pk}/{more.pop('path', 'sites')}",
        json.dumps(body),
        content_type="application/json",
        headers=headers,
    )


def test_it_replays_the_first_answer(client_for: ClientFor, team: Any, bob: Any) -> None:
    """The same bytes and status, and nothing is done again."""
    client = client_for(bob)
    first, again = post(client, team), post(client, team)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert "Idempotency-Replayed" not in first.headers
    assert again["Idempotency-Replayed"] == "true"
    assert first["X-Request-Id"] != again["X-Request-Id"]
    assert Site.objects.count() == 1
    assert post(client, team, key=None).status_code == 422


def test_it_refuses_another_request_under_the_same_key(
    client_for: ClientFor, team: Any, bob: Any
) -> None:
    """409, for another body as for another path."""
    client = client_for(bob)
    post(client, team)
    bulk = {"sites": [BODY]}
    for answer in (
        post(client, team, body={"url": "https://two.example.com"}),
        post(client, team, body=bulk, path="sites/bulk"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert Site.objects.count() == 1


def test_it_keeps_keys_of_tokens_apart(client_for: ClientFor, team: Any, bob: Any) -> None:
    """Another token of the same person has keys of its own."""
    assert post(client_for(bob), team).status_code == 201
    other = post(client_for(bob), team, body={"url": "https://two.example.com"})
    assert other.status_code == 201


def test_it_keeps_no_refusal(client_for: ClientFor, team: Any, bob: Any) -> None:
    """Nothing was done, so the request may be mended under its key."""
    client = client_for(bob)
    assert post(client, team, body={"url": "http://10.0.0.1"}).status_code == 422
    assert not KeptAnswer.objects.exists()
    assert post(client, team).status_code == 201


def test_it_asks_the_gates_before_it_replays(
    client_for: ClientFor, team: Any, bob: Any, mallory: Any
) -> None:
    """Who lost the permission gets no kept answer."""
    client = client_for(bob)
    post(client, team)
    team.memberships.filter(user=bob).update(role="viewer")
    assert post(client, team).status_code == 403


def test_it_forgets_after_24_hours(client_for: ClientFor, team: Any, bob: Any) -> None:
    """Then the key is new, and the housekeeper removes what nobody asks for."""
    client = client_for(bob)
    post(client, team)
    KeptAnswer.objects.update(created_at=clock.now() - timedelta(hours=24))
    assert post(client, team, body={"url": "https://two.example.com"}).status_code == 201
    assert forget_answers(clock.now()) == 0
    assert forget_answers(clock.now() + timedelta(hours=24)) == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb", "schlüssel"])
def test_it_takes_1_to_255_characters(key: str, client_for: ClientFor, team: Any, bob: Any) -> None:
    """422, and nothing is done."""
    response = post(client_for(bob), team, key=key)
    assert response.status_code == 422
    assert list(response.json()["errors"]) == ["Idempotency-Key"]
    assert not Site.objects.exists()
    assert post(client_for(bob), team, key="x" * 255).status_code == 201


def test_it_holds_for_every_post(client_for: ClientFor, bob: Any, site: Any) -> None:
    """Also where there is no body, and for 202."""
    client, issue = client_for(bob), make_issue(site)
    for number, (path, status) in enumerate(
        [(f"issues/{issue.pk}/acknowledge", 200), (f"sites/{site.pk}/checks", 202)]
    ):
        answers = [
            client.post(
                f"/api/v1/{path}",
                content_type="application/json",
                headers={"idempotency-key": str(number)},
            )
            for _ in range(2)
        ]
        assert [answer.status_code for answer in answers] == [status] * 2
        assert answers[0].content == answers[1].content
        assert answers[1]["Idempotency-Replayed"] == "true"


@pytest.mark.django_db(transaction=True)
def test_it_does_once_what_is_sent_at_once(make_token: MakeToken, team: Any, bob: Any) -> None:
    """One creates, the others wait and get its answer."""
    text = make_token(bob).plaintext

    def send(_: int) -> tuple[int, bytes, bool]:
        try:
            answer = post(carrying(text), team)
            return answer.status_code, answer.content, "Idempotency-Replayed" in answer.headers
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))
    assert {status for status, _, _ in answers} == {201}
    assert len({content for _, content, _ in answers}) == 1
    assert sorted(replayed for _, _, replayed in answers) == [False, *[True] * 5]
    assert Site.objects.count() == 1
