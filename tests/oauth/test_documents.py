"""Clients named by the address of a document: fetched through the gate, in bounds, and kept."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from tests.oauth import document_server
from tests.oauth.document_server import Documents, plain
from tests.oauth.program import Program
from tocsin.kit import clock
from tocsin.oauth import documents as fetching
from tocsin.oauth.authorizing import Asked, Refused
from tocsin.oauth.metadata import MAX_BYTES
from tocsin.oauth.models import Client
from tocsin.probes.outbound.messages import OutboundLimits

CALLBACK = "https://client.example/callback"
LOCAL = "http://127.0.0.1/callback"
JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Documents]:
    with document_server.serving(tmp_path_factory.mktemp("documents")) as documents:
        yield documents


@pytest.fixture
def documents(server: Documents, settings: Any, db: None) -> Documents:
    """A server of documents that the operator lets be reached; nothing of it is known yet."""
    settings.EGRESS_ALLOW = ("127.0.0.0/8",)
    settings.EXTRA_CA_FILE = Path(server.roots)
    server.asked.clear()
    cache.clear()
    return server


def ask(url: str, redirect_uri: str = CALLBACK) -> Asked | Refused:
    return Program(url, redirect_uri).ask()


def test_it_reads_a_document_once_and_keeps_it(documents: Documents) -> None:
    url = documents.publish("/once.json", redirect_uris=[CALLBACK])
    for _ in range(2):
        asked = ask(url)
        assert isinstance(asked, Asked)
        assert (asked.client.name, asked.client.host) == ("Published", "127.0.0.1")
        assert not asked.client.is_loopback_only
    assert documents.asked == ["/once.json"]
    client = Client.objects.get()
    assert (client.client_type, client.registration_source) == ("public", "cimd")


@pytest.mark.parametrize(
    "said",
    [
        {"grant_types": ["authorization_code", "refresh_token", JWT]},
        {"grant_types": ["authorization_code", DEVICE], "redirect_uris": [LOCAL, CALLBACK]},
        {
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_methods_supported": ["private_key_jwt", "none"],
        },
        {"client_name": None, "logo_uri": "https://client.example/logo.png"},
    ],
)
def test_it_is_lenient_about_what_it_does_not_support(
    documents: Documents, said: dict[str, Any]
) -> None:
    url = documents.publish("/lenient.json", **{"redirect_uris": [CALLBACK], **said})
    assert isinstance(ask(url), Asked)


@pytest.mark.parametrize(
    "said",
    [
        {"client_id": "https://client.example/other.json"},
        {"client_id": None},
        {"client_secret": "x"},
        {"client_secret_expires_at": 0},
        {"token_endpoint_auth_method": "private_key_jwt"},
        {"grant_types": ["client_credentials"]},
        {"redirect_uris": ["http://evil.example/callback", CALLBACK]},
        {"redirect_uris": ["javascript:alert(1)", CALLBACK]},
        {"client_name": "x" * 256},
        {"padding": "x" * MAX_BYTES},
    ],
)
def test_it_refuses_a_document_that_cannot_be_accepted(
    documents: Documents, said: dict[str, Any]
) -> None:
    url = documents.publish("/refused.json", **{"redirect_uris": [CALLBACK], **said})
    assert isinstance(ask(url), Refused)
    assert documents.asked == ["/refused.json"]
    assert not Client.objects.exists()


@pytest.mark.parametrize(
    "answer",
    [
        plain(b"{}", status=404),
        plain(b"", status=302, location="/once.json"),
        plain(b"<html>", content_type="text/html"),
        plain(b"not json"),
        plain(b"[]"),
        plain(b"\xff\xfe"),
    ],
)
def test_it_refuses_what_is_no_document(
    documents: Documents, answer: document_server.Answer
) -> None:
    url = documents.answer("/odd.json", answer)
    assert isinstance(ask(url), Refused)
    assert documents.asked == ["/odd.json"]


def test_it_waits_for_no_slow_server(documents: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LIMITS", OutboundLimits(total_seconds=0.3))
    asked_away = threading.Event()

    def wait(_: BaseHTTPRequestHandler) -> None:
        asked_away.wait(10)

    url = documents.answer("/slow.json", wait)
    assert isinstance(ask(url), Refused)
    asked_away.set()


def test_it_asks_no_second_time_soon_after_a_failure(documents: Documents) -> None:
    url = documents.answer("/late.json", plain(b"", status=500))
    assert isinstance(ask(url), Refused)
    documents.publish("/late.json", redirect_uris=[CALLBACK])
    assert isinstance(ask(url), Refused)
    assert documents.asked == ["/late.json"]


def test_it_reads_a_document_anew_when_its_time_is_over(documents: Documents) -> None:
    url = documents.publish("/new.json", age="max-age=600", redirect_uris=[CALLBACK])
    assert isinstance(ask(url), Asked)
    left = Client.objects.get().cimd_expires_at - clock.now()
    assert timedelta(seconds=500) < left <= timedelta(seconds=600)
    documents.publish("/new.json", client_name="Renamed", redirect_uris=[CALLBACK])
    Client.objects.update(cimd_expires_at=clock.now())
    assert ask(url).client.name == "Renamed"  # type: ignore[union-attr]


def test_it_keeps_what_it_knows_while_the_server_is_away(documents: Documents) -> None:
    url = documents.publish("/away.json", redirect_uris=[CALLBACK])
    assert isinstance(ask(url), Asked)
    documents.answer("/away.json", plain(b"", status=503))
    Client.objects.update(cimd_expires_at=clock.now())
    assert isinstance(ask(url), Asked)


@pytest.mark.parametrize(
    ("control", "seconds"),
    [("", 86_400), ("no-store", 300), ("max-age=1", 300), ("max-age=9999999999", 86_400)],
)
def test_it_keeps_a_document_for_minutes_to_a_day(
    documents: Documents, control: str, seconds: int
) -> None:
    url = documents.publish("/aged.json", age=control, redirect_uris=[CALLBACK])
    assert fetching.DocumentFetcher().fetch(url)[1] == seconds


def test_it_reaches_no_private_address(documents: Documents, settings: Any) -> None:
    url = documents.publish("/private.json", redirect_uris=[CALLBACK])
    settings.EGRESS_ALLOW = ()
    assert isinstance(ask(url), Refused)
    assert documents.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:169.254.169.254]/latest",
        "https://2130706433/client.json",
        "https://10.0.0.1:22/client.json",
        "https://localhost/client.json",
    ],
)
def test_it_reaches_no_private_address_however_it_is_written(
    db: None, settings: Any, address: str
) -> None:
    settings.EGRESS_ALLOW = ()
    cache.clear()
    with pytest.raises(fetching.CIMDError):
        fetching.DocumentFetcher().fetch(address)
    assert isinstance(ask(address), Refused)


@pytest.mark.parametrize(
    "path",
    ["", "/", "/a/../client.json", "/./client.json", "/client.json#x", "/..", "/" + "x" * 255],
)
def test_it_takes_no_address_that_could_be_written_otherwise(
    documents: Documents, path: str
) -> None:
    assert isinstance(ask(documents.base + path), Refused)
    assert not Client.objects.exists()


def test_endpoints_that_anybody_reaches_fetch_nothing(documents: Documents) -> None:
    url = documents.publish("/token.json", redirect_uris=[CALLBACK])
    program = Program(url, CALLBACK)
    assert program.swap("x").json()["error"] == "invalid_client"
    assert program.swap("x", response_type="code").json()["error"] == "invalid_client"
    assert program.refresh("x").json()["error"] == "invalid_client"
    assert program.revoke("x").json()["error"] == "invalid_client"
    assert documents.asked == []


def test_one_address_has_only_so_many_fetched(documents: Documents) -> None:
    for number in range(fetching.fetches_an_address.limit):
        assert isinstance(ask(f"{documents.base}/none-{number}.json"), Refused)
    url = documents.publish("/many.json", redirect_uris=[CALLBACK])
    assert isinstance(ask(url), Refused)
    assert "/many.json" not in documents.asked


def test_a_known_client_is_not_taken_over_by_a_document(documents: Documents) -> None:
    url = documents.publish("/taken.json", redirect_uris=[CALLBACK])
    Client.objects.create(
        client_id=url,
        name="Operator's",
        client_type="public",
        authorization_grant_type="authorization-code",
        redirect_uris="https://elsewhere.example/",
    )
    assert isinstance(ask(url), Refused)
    assert documents.asked == []


def test_a_person_can_connect_it(documents: Documents, alice: Any) -> None:
    url = documents.publish("/whole.json", redirect_uris=[LOCAL])
    program = Program(url, "http://127.0.0.1:50123/callback")
    asked = program.ask()
    assert isinstance(asked, Asked)
    assert asked.client.is_loopback_only
    assert program.connect(alice)["scope"] == "teams:read sites:read"
