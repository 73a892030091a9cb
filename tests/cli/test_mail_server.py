"""Mails through a real mail server, as TOCSIN_EMAIL_URL names it."""

import json

from tests.cli.conftest import Process
from tests.kit.smtp_server import postbox


def test_it_sends_through_the_server(process: Process) -> None:
    process.admin("create-user", "--email", "ann@example.com", "--name", "Ann")
    made = process.admin(
        "create-token", "--email", "ann@example.com", "--name", "ci", "--scopes", "sites:read"
    )
    with postbox() as server:
        url = f"smtp://127.0.0.1:{server.port}"
        ran = process("admin", "revoke-leaked", "--json", stdin=made["token"], TOCSIN_EMAIL_URL=url)
        assert ran.json == {"revoked": 1}
        ((recipients, text),) = server.mails
    assert recipients == ["ann@example.com"]
    assert "From: Tocsin <tocsin@localhost>" in text
    assert made["token"] not in text
    assert process.admin("outbox") == []


def test_the_doctor_finds_it_well(process: Process) -> None:
    with postbox() as server:
        url = f"smtp://127.0.0.1:{server.port}"
        ran = process("doctor", "--json", TOCSIN_EMAIL_URL=url)
    said = {each["check"]: each["ok"] for each in json.loads(ran.out)}
    assert said["mail"] is True
