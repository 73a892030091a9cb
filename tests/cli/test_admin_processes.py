"""Operators' commands as processes of their own, on a data directory that they make."""

import json
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Process, Ran
from tests.notifications.receiver import receiving_aside

PERSON = ("create-user", "--name", "P", "--json", "--email")


@pytest.fixture(scope="module")
def people(process: Process) -> list[dict[str, Any]]:
    """Two users, made at the same time by the first commands of a new installation."""

    def create(email: str) -> Ran:
        return process("admin", *PERSON, email)

    with ThreadPoolExecutor(2) as pool:
        ran = list(pool.map(create, ("ann@example.com", "bo@example.com")))
    return [each.json for each in ran]


def test_it_makes_the_database_once(people: list[dict[str, Any]]) -> None:
    assert {each["id"] for each in people} == {1, 2}
    assert {each["email"] for each in people} == {"ann@example.com", "bo@example.com"}


@pytest.mark.usefixtures("people")
def test_it_runs_every_command(process: Process) -> None:
    team = process.admin("create-team", "--owner", "ann@example.com", "--name", "Ops")
    here = ("--team", str(team["id"]))
    process.admin("add-member", *here, "--email", "bo@example.com", "--role", "admin")
    process.admin("set-plan", *here, "--plan", "agency")
    process.admin("set-team", *here, "--no-require-two-factor")
    process.admin("set-user", "--email", "bo@example.com", "--verified")
    process.admin("add-site", *here, "--url", "https://example.com")
    assert len(process.admin("sites", *here)) == 1
    made = process.admin(
        "create-token", "--email", "bo@example.com", "--name", "ci", "--scopes", "sites:read"
    )
    ask = ("explain-access", *here, "--token-id", str(made["id"]), "--permission", "viewSites")
    assert process.admin(*ask)["allowed"] is True
    assert process.admin("revoke-leaked", stdin=made["token"]) == {"revoked": 1}
    assert process.admin("revoke-token", "--id", str(made["id"])) == {"revoked": 0}
    (mail,) = process.admin("outbox")
    assert {"to", "subject", "sent_at", "text", "links"} == set(mail)
    assert mail["to"] == ["bo@example.com"]
    assert made["token"] not in json.dumps(mail)


@pytest.mark.usefixtures("people")
def test_it_rehearses_with_a_destination_of_its_own(process: Process) -> None:
    here = ("--team", "1")
    allowed = {"TOCSIN_EGRESS_ALLOW": "127.0.0.0/8"}
    with receiving_aside() as receiver:
        where = ("--channel", "webhook", "--to", receiver.url + "/hook")
        made = process("admin", "add-destination", *here, *where, "--json", **allowed).json
        ran = process("admin", "fire-drill", *here, **allowed)
        assert (ran.code, ran.err) == (0, "")
        assert [each.json["transition"] for each in receiver.received] == ["open", "resolve"]
    assert made["secret"].startswith("whsec_")
    for word in ("step", "enqueue", "claim", "send", "delivered", "seconds"):
        assert word in ran.out


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("app", ["teams", "an_app_to_come"])
def test_it_leaves_a_database_of_a_newer_version_alone(
    process: Process, tmp_path: Path, app: str
) -> None:
    newer = Process(tmp_path / "newer")
    shutil.copytree(process.data, newer.data)
    with sqlite3.connect(newer.data / "tocsin.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES (?, '9999_x', '')", [app]
        )
    database.close()
    assert "newer Tocsin" in newer("admin", "sites").refusal


@pytest.mark.usefixtures("people")
def test_it_leaves_a_database_of_an_older_version_to_up(process: Process, tmp_path: Path) -> None:
    older = Process(tmp_path / "older")
    shutil.copytree(process.data, older.data)
    with sqlite3.connect(older.data / "tocsin.sqlite3") as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'usersessions'")
    database.close()
    assert "tocsin up" in older("admin", "sites").refusal


@pytest.mark.parametrize("before", [True, False])
def test_it_takes_the_data_directory_anywhere(
    process: Process, tmp_path: Path, before: bool
) -> None:
    named = tmp_path / "named"
    command = ("admin", "outbox", "--json")
    line = (f"--data={named}", *command) if before else (*command, "--data", str(named))
    assert process(*line).json == []
    assert (named / "secret_key").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOCSIN_EMAIL_URL", "pigeon://loft"),
        ("TOCSIN_DNS_RESOLVERS", "udp://127.0.0.1:99999"),
        ("TOCSIN_TRUSTED_PROXIES", "-1"),
    ],
)
def test_it_names_the_setting_that_is_wrong(process: Process, name: str, value: str) -> None:
    ran = process("admin", "sites", **{name: value})
    assert ran.refusal.startswith(f"tocsin: {name}:")


def test_it_says_that_the_data_directory_cannot_be_used(process: Process, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    made = ("create-user", "--email", "ann@example.com", "--name", "Ann")
    ran = process("admin", *made, "--data", f"{tmp_path}/file/below")
    assert "TOCSIN_DATA_DIR" in ran.refusal


def test_it_makes_nothing_in_a_directory_named_by_mistake(process: Process, tmp_path: Path) -> None:
    ran = process("admin", "sites", "--data", str(tmp_path))
    assert "holds no data" in ran.refusal
    assert list(tmp_path.iterdir()) == []


def test_it_says_that_the_secret_key_is_empty(process: Process, tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    ran = process("admin", "sites", "--data", str(tmp_path))
    assert ran.refusal.startswith("tocsin: TOCSIN_SECRET_KEY:")


def test_it_writes_for_its_own_user_alone(process: Process, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    made = ("create-user", "--email", "ann@example.com", "--name", "Ann")
    assert process("admin", *made, "--json", "--data", str(tmp_path)).json["id"] == 1
    written = {path.name: path.stat().st_mode & 0o077 for path in tmp_path.iterdir()}
    assert {"secret_key", "tocsin.sqlite3"} <= set(written)
    assert not any(written.values())
