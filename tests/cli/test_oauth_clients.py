"""`tocsin admin oauth-clients`."""

from typing import Any

from tests.cli.conftest import Inside
from tests.oauth.program import Program
from tocsin.access.principal import SYSTEM
from tocsin.oauth import clients
from tocsin.oauth.metadata import ClientMetadata
from tocsin.oauth.models import Client, Grant

CALLBACK = "https://client.example/callback"


def _registered() -> Client:
    return clients.register(SYSTEM, ClientMetadata("Assistant", (CALLBACK,)))


def test_it_lists_clients(cli: Inside, alice: Any) -> None:
    client = _registered()
    Program(client.client_id, CALLBACK).connect(alice)
    (listed,) = cli.admin("oauth-clients", "list")
    assert listed.pop("created_at").endswith("+00:00")
    assert listed == {
        "client_id": client.client_id,
        "name": "Assistant",
        "source": "dcr",
        "redirect_uris": [CALLBACK],
        "grants": 1,
    }
    assert "Assistant" in cli("admin", "oauth-clients", "list").out


def test_it_makes_a_client_for_introspection(cli: Inside) -> None:
    made = cli.admin("oauth-clients", "create", "--name", "Gateway")
    assert made["name"] == "Gateway"
    assert clients.is_operators(made["client_id"], made["client_secret"])
    assert made["client_secret"] not in str(Client.objects.values())
    assert made["client_secret"] not in cli("admin", "oauth-clients", "list").out


def test_it_deletes_a_client_with_its_grants(cli: Inside, alice: Any) -> None:
    client = _registered()
    Program(client.client_id, CALLBACK).connect(alice)
    answer = cli.admin("oauth-clients", "delete", "--client-id", client.client_id)
    assert answer == {"deleted": client.client_id, "grants": 1}
    assert not Client.objects.exists()
    assert not Grant.objects.exists()


def test_it_revokes_leaked_tokens_of_clients(cli: Inside, alice: Any) -> None:
    token = Program(_registered().client_id, CALLBACK).connect(alice)["refresh_token"]
    assert cli.admin("revoke-leaked", stdin=f"found: {token}\n") == {"revoked": 1}
    assert Grant.objects.get().revoke_reason == "leaked"


def test_it_says_what_is_wrong(cli: Inside) -> None:
    missing = cli("admin", "oauth-clients", "delete", "--client-id", "nobody")
    assert missing.refusal == "tocsin: There is no client with this id."
    nameless = cli("admin", "oauth-clients", "create", "--name", " ")
    assert "visible character" in nameless.refusal
