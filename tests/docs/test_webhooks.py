"""docs/webhooks.md: its samples are what is sent, and its receivers tell ours from others'."""

import asyncio
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.docs.test_recipes import _node
from tests.notifications.messages_cast import escalated, opened, recovered, storm, trial
from tocsin.kit import clock
from tocsin.notifications.channels.contract import HttpRequest, Seal
from tocsin.notifications.channels.webhook import Webhook, WebhookTarget
from tocsin.notifications.channels.webhook_body import body_of
from tocsin.notifications.messages import Event, Message
from tocsin.notifications.sending.http import send_http
from tocsin.notifications.signing import new_secret
from tocsin.probes.egress import EgressPolicy
from tocsin.probes.outbound.client import Outbound

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")
SAMPLES = (opened(), escalated(), recovered(), trial(), storm(2))
SECONDS = 30


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_its_samples_are_what_is_sent() -> None:
    assert [json.loads(text) for text in blocks("json")] == [body_of(each) for each in SAMPLES]
    assert {each.lead.event for each in SAMPLES} == set(Event)


def test_its_request_has_the_headers_that_are_sent() -> None:
    [text] = blocks("http")
    shown = dict(line.split(": ", 1) for line in text.strip().splitlines()[1:])
    request = signed(opened(), "http://127.0.0.1/tocsin", new_secret())
    assert set(shown) - {"User-Agent"} == set(dict(request.headers))
    assert shown["X-Tocsin-Delivery"] == shown["webhook-id"] == dict(request.headers)["webhook-id"]


def signed(message: Message, url: str, *secrets: str, at: Any = None) -> HttpRequest:
    return Webhook().render(message, WebhookTarget(url), Seal(at or clock.now(), secrets))


@contextmanager
def receiver(command: list[str], program: Path, secret: str) -> Iterator[tuple[str, Any]]:
    """Run a receiver of the page; yield its address and what it prints."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    variables = {**os.environ, "TOCSIN_SECRET": secret, "PORT": str(port)}
    with subprocess.Popen(
        [*command, str(program)], env=variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True,
    ) as running:  # fmt: skip
        try:
            yield f"http://127.0.0.1:{port}/tocsin", running.stdout
        finally:
            running.kill()


async def statuses(requests: list[HttpRequest]) -> list[int | None]:
    outbound = Outbound(EgressPolicy(["127.0.0.0/8"]), user_agent="Tocsin/test")
    try:
        await listening(outbound, requests[0].url)
        return [(await send_http(outbound, each, seconds=10)).status_code for each in requests]
    finally:
        await outbound.close()


async def listening(outbound: Outbound, url: str) -> None:
    """Wait until something answers: it has nothing to say it by."""
    unsigned = HttpRequest(url, (), b"{}")
    for _ in range(SECONDS * 20):
        if (await send_http(outbound, unsigned, seconds=5)).status_code is not None:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(url)


@pytest.mark.parametrize("language", ["python", "js"])
def test_its_receivers_take_what_is_ours_once_and_refuse_the_rest(
    language: str, tmp_path: Path
) -> None:
    [text] = blocks(language)
    program = tmp_path / {"python": "receiver.py", "js": "receiver.mjs"}[language]
    program.write_text(text, encoding="utf-8")
    command = [sys.executable] if language == "python" else [_node()]
    assert shutil.which(command[0])
    ours, other = new_secret(), new_secret()
    with receiver(command, program, ours) as (url, printed):
        forged = signed(opened(), url, ours)
        long_ago = clock.from_timestamp(clock.timestamp() - 301)
        requests = [
            signed(opened(), url, ours),
            signed(opened(), url, other, ours),  # while the secret is rotated
            signed(opened(), url, other),
            HttpRequest(url, forged.headers, (forged.body or b"") + b" "),
            signed(opened(), url, ours, at=long_ago),
            HttpRequest(url, (), b"{}"),
        ]
        assert asyncio.run(statuses(requests)) == [204, 204, 401, 401, 401, 401]
        assert printed.readline() == "issue.opened Shop\n"
        last = Message(trial().lead.delivery, trial().team, trial().notices, mark=trial().mark)
        assert asyncio.run(statuses([signed(last, url, ours)])) == [204]
        assert printed.readline() == "notification.test Shop\n"  # and nothing in between
