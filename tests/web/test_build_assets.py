"""The script that builds the assets: where it installs, and when it does nothing."""

import importlib.util
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "build_assets.py"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script, at work in an empty folder in place of the repository."""
    spec = importlib.util.spec_from_file_location("build_assets", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    web, dist = tmp_path / "web", tmp_path / "web" / "static" / "dist"
    for folder in (web / "assets", web / "templates", dist):
        folder.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    places = {
        "ROOT": tmp_path,
        "ENVIRONMENT": tmp_path / ".venv",
        "WEB": web,
        "DIST": dist,
        "STAMP": dist / ".inputs",
        "LOCK": tmp_path / "package-lock.json",
        "NODE_MODULES_STAMP": tmp_path / "node_modules" / ".tocsin-lock",
    }
    for name, value in places.items():
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(module.sys, "argv", ["build_assets.py"])
    return module


@pytest.fixture
def commands(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Any]]:
    """What would have been run, and in which environment; nothing is."""
    ran: list[tuple[Any, Any]] = []

    def note(command: Any, env: Any = None, **_: Any) -> Any:
        ran.append((command, env))
        return subprocess.CompletedProcess(command, 0, stdout="v1.0.0", stderr="")

    monkeypatch.setattr(script.subprocess, "run", note)
    monkeypatch.setattr(script, "_machine_node", lambda: None)
    return ran


def test_it_installs_nothing_where_the_project_has_no_environment(
    script: ModuleType, commands: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main() == 1
    assert commands == []
    assert "make setup" in capsys.readouterr().err


def test_it_installs_node_into_the_projects_environment_and_no_other(
    script: ModuleType, commands: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    script.ENVIRONMENT.mkdir()
    (script.ENVIRONMENT / "pyvenv.cfg").touch()
    monkeypatch.setattr(script.shutil, "which", lambda *_, **__: "/bin/uv")
    script.main()
    ((command, env),) = commands
    assert command[:2] == ["/bin/uv", "sync"]
    assert env["UV_PROJECT_ENVIRONMENT"] == str(script.ENVIRONMENT)


def test_it_builds_only_what_changed(
    script: ModuleType, commands: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "_machine_node", lambda: Path("/bin/node"))
    monkeypatch.setattr(script, "_install_packages", lambda _: None)
    (script.ROOT / "node_modules" / "lighthouse").mkdir(parents=True)
    assert [script.main(), script.main()] == [0, 0]
    assert len(commands) == 1
    (script.WEB / "templates" / "page.html").write_text("<p>", encoding="utf-8")
    script.main()
    assert len(commands) == 2


def test_it_builds_again_where_lighthouse_is_gone(
    script: ModuleType, commands: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "_machine_node", lambda: Path("/bin/node"))
    monkeypatch.setattr(script, "_install_packages", lambda _: None)
    assert [script.main(), script.main()] == [0, 0]
    assert len(commands) == 2


@pytest.mark.parametrize(
    ("said", "is_new_enough"),
    [("v22.19.0", True), ("v24.1.0", True), ("v22.18.9", False), ("v20.20.2", False), ("?", False)],
)
def test_it_takes_the_machines_node_where_lighthouse_runs_on_it(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, said: str, *, is_new_enough: bool
) -> None:
    answer = subprocess.CompletedProcess([], 0, stdout=f"{said}\n", stderr="")
    monkeypatch.setattr(script.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(script.subprocess, "run", lambda *_, **__: answer)
    assert (script._machine_node() == Path("/bin/node")) is is_new_enough


@pytest.mark.parametrize(("user", "installs"), [(0, True), (1000, False)])
def test_it_installs_chromium_where_it_may_and_else_says_how(
    script: ModuleType,
    commands: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    user: int,
    *,
    installs: bool,
) -> None:
    known = {"apt-get": "/bin/apt-get"}
    monkeypatch.setattr(script.shutil, "which", lambda name, **_: known.get(name))
    monkeypatch.setattr(script.os, "geteuid", lambda: user)
    script.main()
    assert [command[0] for command, _ in commands] == ["/bin/apt-get"] * (2 if installs else 0)
    assert "apt-get install chromium" in capsys.readouterr().err
