"""Errors, further tries, and a token that shows nowhere."""

import logging
import traceback

import pytest

from tests.client.conftest import TOKEN, Answer, Script
from tocsin_client import (
    ApiError,
    ConflictError,
    ConnectionFailedError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    PlanInactiveError,
    RateLimitedError,
    ServerFailedError,
    Tocsin,
    TocsinError,
    UnauthenticatedError,
    UnexpectedAnswerError,
)

GOOD = Answer(200)
BUSY = Answer(429, b'{"message": "Slow down.", "code": "rate_limited"}', {"Retry-After": "7"})
AWAY = Answer(503, b"<html>")
CUT_OFF = Answer(0)
SITE = "01890000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ApiError),
        (401, UnauthenticatedError),
        (402, PlanInactiveError),
        (403, ForbiddenError),
        (404, NotFoundError),
        (409, ConflictError),
        (418, ApiError),
        (422, InvalidError),
        (500, ServerFailedError),
    ],
)
def test_it_raises_one_kind_a_status(
    status: int, kind: type[ApiError], scripted: Tocsin, script: Script
) -> None:
    """With all that the answer said, asked for once."""
    body = b'{"message": "No.", "code": "c", "errors": {"a.b": ["Bad."]}, "required_scope": "s"}'
    script.answers = [Answer(status, body, {"X-Request-Id": "r1"})]
    with pytest.raises(kind) as raised:
        scripted.teams()
    error = raised.value
    assert type(error) is kind
    assert (error.status, error.code, error.message, error.request_id) == (status, "c", "No.", "r1")
    assert (error.errors, error.required_scope) == ({"a.b": ["Bad."]}, "s")
    assert str(error) == f"HTTP {status} c: No."
    assert len(script.requests) == 1


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b"\xff", b""])
def test_it_says_when_something_else_answers(body: bytes, scripted: Tocsin, script: Script) -> None:
    """Another server's error, and a redirect, which is not followed."""
    for status in (404, 500, 302):
        script.answers = [Answer(status, body, {"Location": "/elsewhere"})]
        with pytest.raises(UnexpectedAnswerError) as raised:
            scripted.teams()
        assert raised.value.status == status


def test_it_waits_as_long_as_it_is_told(
    scripted: Tocsin, script: Script, slept: list[float]
) -> None:
    """Then goes on."""
    script.answers = [BUSY, BUSY, GOOD]
    assert scripted.teams() == []
    assert slept == [7, 7]


@pytest.mark.parametrize("answer", [AWAY, CUT_OFF])
def test_it_waits_longer_each_time(
    answer: Answer, scripted: Tocsin, script: Script, slept: list[float]
) -> None:
    """Where nobody says how long, up to five tries."""
    script.answers = [answer, answer, answer, answer, GOOD]
    assert scripted.teams() == []
    assert [low <= pause <= 2 * low for low, pause in zip((0.25, 0.5, 1, 2), slept, strict=True)]
    script.answers, script.requests = [answer], []
    with pytest.raises((UnexpectedAnswerError, ConnectionFailedError)):
        scripted.teams()
    assert len(script.requests) == 5


def test_it_runs_out_of_patience(script: Script, slept: list[float]) -> None:
    """It never sleeps longer in all than it was allowed to."""
    script.answers = [BUSY]
    with (
        Tocsin(script.url, TOKEN, patience=20) as tocsin,
        pytest.raises(RateLimitedError) as raised,
    ):
        tocsin.teams()
    assert raised.value.retry_after == 7
    assert slept == [7, 7]


def test_it_sends_a_post_again_under_its_key(
    scripted: Tocsin, script: Script, slept: list[float]
) -> None:
    """Also after a cut connection, when nobody knows whether it was done."""
    script.answers = [CUT_OFF, BUSY, GOOD]
    assert len(scripted.run_checks(SITE)) == 0
    assert len({headers["Idempotency-Key"] for _, _, headers in script.requests}) == 1
    assert [method for method, _, _ in script.requests] == ["POST"] * 3


@pytest.mark.parametrize("answer", [BUSY, AWAY, CUT_OFF])
def test_it_sends_nothing_else_again(
    answer: Answer, scripted: Tocsin, script: Script, slept: list[float]
) -> None:
    """A change or a deletion that may have been done."""
    script.answers = [answer]
    for call in (lambda: scripted.delete_site(SITE), lambda: scripted.update_site(SITE, name="x")):
        with pytest.raises(TocsinError):
            call()  # type: ignore[no-untyped-call]
    assert (len(script.requests), slept) == (2, [])


def test_it_shows_its_token_nowhere(
    script: Script, caplog: pytest.LogCaptureFixture, slept: list[float]
) -> None:
    """Not in reprs, logs, errors or what they chain to."""
    caplog.set_level(logging.DEBUG)
    with Tocsin(script.url, TOKEN) as tocsin:
        shown = [
            repr(tocsin),
            repr(vars(tocsin)),
            repr(vars(tocsin._transport)),
            repr(tocsin.issues()),
        ]
        for answer in (Answer(401, b'{"code": "invalid_token"}'), CUT_OFF, AWAY):
            script.answers = [answer]
            with pytest.raises(TocsinError) as raised:
                tocsin.me()
            assert raised.value.__cause__ is raised.value.__context__ is None
            shown.append("".join(traceback.format_exception(raised.value)))
    assert all(f"Bearer {TOKEN}" == headers["Authorization"] for _, _, headers in script.requests)
    assert TOKEN not in "".join(shown) + caplog.text + str([vars(each) for each in caplog.records])


@pytest.mark.parametrize("odd", ["", f"{TOKEN}\n", f"{TOKEN} x", f"{TOKEN}é", f"\x00{TOKEN}"])
def test_it_takes_no_token_that_cannot_be_sent(odd: str) -> None:
    """And does not repeat it."""
    with pytest.raises(ValueError, match="not a token") as raised:
        Tocsin("http://127.0.0.1:1", odd)
    assert TOKEN not in "".join(traceback.format_exception(raised.value))


def test_it_takes_no_password_in_the_address() -> None:
    """Which would show in reprs."""
    with pytest.raises(ValueError, match="without a user name"):
        Tocsin("http://me:secret@127.0.0.1:1", TOKEN)


def test_it_says_that_nobody_is_there(slept: list[float]) -> None:
    """In one line, without the request."""
    with (
        Tocsin("http://127.0.0.1:1", TOKEN) as tocsin,
        pytest.raises(ConnectionFailedError, match=r"^ConnectError from 127\.0\.0\.1$"),
    ):
        tocsin.me()


def test_it_is_made_from_the_environment(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    """TOCSIN_URL and TOCSIN_TOKEN; a slash at the end does not matter."""
    script.answers = [GOOD]
    monkeypatch.setenv("TOCSIN_URL", f"{script.url}/")
    monkeypatch.setenv("TOCSIN_TOKEN", TOKEN)
    with Tocsin.from_environment() as tocsin:
        assert tocsin.teams() == []
    assert script.requests[0][1] == "/api/v1/teams"
