"""`tocsin backup`, `verify-backup` and `restore`."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.with_postgres import Server
from tests.cli.conftest import Process, Ran
from tests.copying.conftest import rows_of


@pytest.fixture(scope="module")
def saved(filled: Process, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the filled installation."""
    file = tmp_path_factory.mktemp("backups") / "tocsin.backup"
    document = filled("backup", str(file), "--json").json
    assert document["secret_key"] is True
    assert document["media"] == 1
    return file


def change(saved: Path, tmp_path: Path, **members: bytes) -> Path:
    """Copy a backup, with some members replaced."""
    changed = tmp_path / "changed.backup"
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, members.get(name.replace("/", "_"), old.read(name)))
    return changed


def manifest_of(saved: Path) -> dict[str, Any]:
    with zipfile.ZipFile(saved) as file:
        manifest: dict[str, Any] = json.loads(file.read("manifest.json"))
        return manifest


def test_it_brings_everything_back(saved: Path, filled: Process, empty: Process) -> None:
    document = empty("restore", str(saved), "--json").json
    assert document["secret_key"] is True
    for name in ("secret_key", "media/photos/ann.png"):
        assert (empty.data / name).read_bytes() == (filled.data / name).read_bytes()
    assert (empty.data / "secret_key").stat().st_mode & 0o077 == 0
    again = empty.data / "again.backup"
    empty("backup", str(again), "--json")
    assert manifest_of(again)["tables"] == manifest_of(saved)["tables"]
    for table in (each["table"] for each in document["tables"]):
        here, there = (rows_of(each.data / "tocsin.sqlite3", table) for each in (filled, empty))
        assert here == there, table
    assert not list(empty.data.glob("*restor*"))
    assert "There is data already" in empty("restore", str(saved)).refusal
    assert empty("restore", str(saved), "--force", "--json").json["tables"] == document["tables"]


def test_it_moves_a_backup_into_postgresql(saved: Path, empty: Process, server: Server) -> None:
    url = server.create_database("restored")
    empty("restore", str(saved), "--json", TOCSIN_DATABASE_URL=url)
    assert "There is data" in empty("restore", str(saved), TOCSIN_DATABASE_URL=url).refusal
    copied = empty.data / "copied.backup"
    empty("backup", str(copied), "--json", TOCSIN_DATABASE_URL=url)
    here, there = manifest_of(saved), manifest_of(copied)
    assert there["tables"] == here["tables"]
    assert (here["database"], there["database"]) == ("sqlite", "postgresql")


def test_it_is_private_and_leaves_out_the_key_if_told_to(
    saved: Path, filled: Process, empty: Process, tmp_path: Path
) -> None:
    assert saved.stat().st_mode & 0o077 == 0
    without = tmp_path / "without.backup"
    filled("backup", str(without), "--no-secret-key", "--json")
    key = (filled.data / "secret_key").read_text().strip()
    with zipfile.ZipFile(saved) as file:
        assert file.read("secret_key").decode() == key
    with zipfile.ZipFile(without) as file:
        assert "secret_key" not in file.namelist()
        assert all(key.encode() not in file.read(name) for name in file.namelist())
    assert "another secret key" in empty("restore", str(without)).refusal


def test_it_replaces_an_older_backup_and_nothing_else(
    saved: Path, filled: Process, tmp_path: Path
) -> None:
    precious = tmp_path / "thesis.txt"
    precious.write_text("years of work")
    assert "is no backup" in filled("backup", str(precious)).refusal
    assert precious.read_text() == "years of work"
    older = tmp_path / "older.backup"
    older.write_bytes(saved.read_bytes())
    filled("backup", str(older), "--json")
    assert older.read_bytes() != saved.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["older.backup", "thesis.txt"]


def test_it_refuses_while_a_worker_runs(saved: Path, empty: Process) -> None:
    holding = (
        "import sys, pathlib; from tocsin.runtime.single import hold;"
        "lock = hold(pathlib.Path(sys.argv[1])); print(flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", holding, str(empty.data)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        worker.stdout.readline()
        assert "running already" in empty("restore", str(saved), "--force").refusal
        worker.communicate()
    assert not (empty.data / "tocsin.sqlite3").exists()


def test_it_finds_a_backup_whole(saved: Path, inside: Callable[..., Ran]) -> None:
    document = inside("verify-backup", saved, "--json").json
    assert document["ok"] is True
    assert {each["ok"] for each in document["tables"]} == {True}


def test_it_says_which_table_differs(
    saved: Path, tmp_path: Path, inside: Callable[..., Ran]
) -> None:
    changed = change(saved, tmp_path, tables_sites_site=b"", media_photos_ann=b"")
    ran = inside("verify-backup", changed, "--json")
    assert ran.code == 1
    assert ran.err.strip().endswith("sites_site differs from its manifest.")
    differing = [each for each in json.loads(ran.out)["tables"] if not each["ok"]]
    assert [(each["table"], each["rows"], each["found_rows"]) for each in differing] == [
        ("sites_site", 1, 0)
    ]


@pytest.mark.parametrize("where", [0.1, 0.3, 0.5, 0.7])
def test_it_finds_a_flipped_bit(
    saved: Path, tmp_path: Path, inside: Callable[..., Ran], where: float
) -> None:
    data = bytearray(saved.read_bytes())
    with zipfile.ZipFile(saved) as file:
        biggest = max(file.infolist(), key=lambda member: member.compress_size)
    data[biggest.header_offset + 200 + int(where * biggest.compress_size)] ^= 1
    damaged = tmp_path / "damaged.backup"
    damaged.write_bytes(data)
    ran = inside("verify-backup", damaged)
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "checks_check" in ran.err


@pytest.mark.parametrize("command", ["verify-backup", "restore"])
@pytest.mark.parametrize("left", [0, 1, 100, -1, -30])
def test_it_refuses_a_file_that_was_cut_short(
    saved: Path, tmp_path: Path, inside: Callable[..., Ran], command: str, left: int
) -> None:
    cut = tmp_path / "cut.backup"
    cut.write_bytes(saved.read_bytes()[:left])
    assert "not a Tocsin backup, or is cut short" in inside(command, cut).refusal


@pytest.mark.parametrize("command", ["verify-backup", "restore"])
def test_it_refuses_other_files(tmp_path: Path, inside: Callable[..., Ran], command: str) -> None:
    foreign = tmp_path / "foreign.zip"
    with zipfile.ZipFile(foreign, "w") as file:
        file.writestr("letter.txt", "dear reader")
    assert "not a Tocsin backup" in inside(command, foreign).refusal
    assert "No such file" in inside(command, tmp_path / "missing").refusal
    assert "Is a directory" in inside(command, tmp_path).refusal


@pytest.mark.parametrize("command", ["verify-backup", "restore"])
def test_it_refuses_a_newer_format(
    saved: Path, tmp_path: Path, inside: Callable[..., Ran], command: str
) -> None:
    manifest = json.dumps({**manifest_of(saved), "format": 2, "tables": "otherwise"})
    newer = change(saved, tmp_path, **{"manifest.json": manifest.encode()})
    assert "newer Tocsin" in inside(command, newer).refusal


def test_it_restores_nothing_of_a_newer_version_or_a_damaged_file(
    saved: Path, tmp_path: Path, empty: Process
) -> None:
    manifest = manifest_of(saved)
    manifest["migrations"].append(["checks", "9999_from_the_future"])
    newer = change(saved, tmp_path, **{"manifest.json": json.dumps(manifest).encode()})
    assert "newer Tocsin" in empty("restore", str(newer)).refusal
    damaged = change(saved, tmp_path, tables_teams_team=b"")
    assert "teams_team differs" in empty("restore", str(damaged)).refusal
    assert not list(empty.data.glob("*sqlite3*"))
    assert not (empty.data / "media").exists()


def test_it_restores_nothing_outside_the_media_directory(
    saved: Path, tmp_path: Path, empty: Process
) -> None:
    manifest = manifest_of(saved)
    manifest["media"][0]["path"] = "../escaped.png"
    evil = change(saved, tmp_path, **{"manifest.json": json.dumps(manifest).encode()})
    assert "outside" in empty("restore", str(evil)).refusal
    assert not (empty.data / "escaped.png").exists()
