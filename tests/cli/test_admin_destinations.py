"""`tocsin admin add-destination` and `fire-drill`: what they print, refuse and send."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cli.conftest import Inside
from tests.notifications.receiver import Receiver, receiving_aside, status
from tocsin.cli.admin import drills
from tocsin.notifications.models import Destination
from tocsin.notifications.sealing import secrets_of, target_of
from tocsin.probes.contract import Tool

pytestmark = pytest.mark.django_db
URL = "https://hooks.example.com/secret-path-9876"
TOLD = {"step", "transition", "channel", "to", "status", "reason", "seconds"}


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A receiver that the egress policy lets through."""
    settings.EGRESS_ALLOW = ("127.0.0.0/8",)
    with receiving_aside() as running:
        yield running


@pytest.fixture
def add(cli: Inside, team: Any) -> Any:
    """Run `add-destination` for `team`."""

    def run(channel: str, to: str, *more: str) -> Any:
        here = ("--team", str(team.pk))
        return cli("admin", "add-destination", *here, "--channel", channel, "--to", to, *more)

    return run


def test_it_adds_a_destination_and_prints_its_secret(add: Any) -> None:
    made = add("webhook", URL, "--events", "open", "--tools", "ssl, status", "--json").json
    kept = Destination.objects.get()
    assert made == {"id": kept.pk, "secret": made["secret"]}
    assert secrets_of(kept, kept.created_at) == (made["secret"],)
    assert (kept.events, kept.tools) == (["open"], ["status", "ssl"])
    assert (target_of(kept).url, target_of(kept).method) == (URL, "post")


def test_it_takes_every_channel(add: Any) -> None:
    add("email", "ann@example.com, ben@example.com", "--json").json  # noqa: B018 - it went well
    for channel in ("slack", "microsoft_teams", "discord"):
        add(channel, "https://chat.example.com/hook", "--json").json  # noqa: B018
    add("webhook", URL, "--method", "get", "--json").json  # noqa: B018
    kept = {each.channel: each for each in Destination.objects.all()}
    assert target_of(kept["email"]).addresses == ("ann@example.com", "ben@example.com")
    assert target_of(kept["webhook"]).method == "get"
    assert all((each.events, each.tools) == (["open", "resolve"], None) for each in kept.values())


def test_it_tells_people_where_it_sends_and_hides_the_address(add: Any) -> None:
    ran = add("webhook", URL)
    assert ran.code == 0
    assert "https://hooks.example.com/…9876" in ran.out
    assert "whsec_" in ran.out
    assert "secret-path" not in ran.out


@pytest.mark.parametrize(
    ("channel", "to", "more", "word"),
    [
        ("pigeon", URL, (), "email, slack"),
        ("webhook", "http://169.254.169.254/", (), "169.254"),
        ("webhook", "http://127.0.0.1/", (), "loopback"),
        ("webhook", "not a url", (), "space"),
        ("webhook", "https://example.com/".ljust(2049, "x"), (), "2048"),
        ("webhook", URL, ("--method", "put"), "post or get"),
        ("webhook", URL, ("--events", "escalate"), "open, resolve"),
        ("webhook", URL, ("--events", ","), "open, resolve"),
        ("webhook", URL, ("--tools", "smell"), ", ".join(Tool)),
        ("slack", "http://hooks.slack.com/services/T0/B0/X", (), "https only"),
        ("email", "", (), "at least one"),
        ("email", "nobody", (), "nobody"),
        ("email", ",".join(f"a{number}@example.com" for number in range(21)), (), "at most 20"),
        ("email", "a@example.com\r\nBcc: m@example.com", (), "Bcc"),
    ],
)
def test_it_refuses_in_one_line(
    add: Any, channel: str, to: str, more: tuple[str, ...], word: str
) -> None:
    assert word in add(channel, to, *more, "--json").refusal
    assert not Destination.objects.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("add-destination",),
        ("add-destination", "--team", "1", "--channel", "webhook"),
        ("add-destination", "--team", "one", "--channel", "webhook", "--to", URL),
        ("fire-drill",),
        ("fire-drill", "--team", ""),
        ("fire-drill", "--team", "1", "--loud"),
    ],
)
def test_wrong_usage_is_told_from_what_is_refused(cli: Inside, arguments: tuple[str, ...]) -> None:
    ran = cli("admin", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err


@pytest.mark.parametrize("command", [("add-destination", "--channel", "webhook", "--to", URL),
                                     ("fire-drill",)])  # fmt: skip
def test_it_knows_no_other_team(cli: Inside, command: tuple[str, ...]) -> None:
    assert "team" in cli("admin", *command, "--team", "404", "--json").refusal


@pytest.mark.django_db(transaction=True)
def test_a_drill_tells_every_destination_and_how_long_each_step_took(
    cli: Inside, team: Any, add: Any, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no notifier runs, the command sends by itself."""
    monkeypatch.setattr(drills, "NOTICE_SECONDS", 0.0)
    good = add("webhook", receiver.url + "/good-path", "--tools", "ssl", "--json").json
    add("slack", receiver.answering("/bad-path", status(404)), "--json").json  # noqa: B018
    add("webhook", receiver.url + "/open-only", "--events", "open", "--json").json  # noqa: B018
    first, *steps = cli.admin("fire-drill", "--team", str(team.pk))
    assert first == {"step": "enqueue", "seconds": first["seconds"]}
    assert {frozenset(step) for step in steps} == {frozenset(TOLD)}
    ends = {(step["to"][-4:], step["transition"], step["status"], step["reason"]) for step in steps}
    assert ends == {
        ("path", "open", "delivered", None),
        ("path", "resolve", "delivered", None),
        ("path", "open", "failed", "refused"),
        ("path", "resolve", "failed", "refused"),
        ("only", "open", "delivered", None),
        ("only", "resolve", "suppressed", "event_not_subscribed"),
    }
    timed = [step for step in steps if step["step"] in {"claim", "send"}]
    assert len(timed) == 10
    assert all(0 <= step["seconds"] < 40 for step in timed)
    [silent] = [step for step in steps if step["step"] == "ledger"]
    assert silent["seconds"] is None
    assert good["secret"] not in json.dumps(steps)
    told = [each for each in receiver.received if each.path == "/good-path"]
    assert [(each.json["transition"], each.json["drill"]) for each in told] == [
        ("open", True),
        ("resolve", True),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_drill_of_a_team_without_destinations_says_so(
    cli: Inside, team: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drills, "NOTICE_SECONDS", 0.0)
    [only] = cli.admin("fire-drill", "--team", str(team.pk))
    assert only["step"] == "enqueue"
