"""The doctor's look at what the tools stand on: programs, the kernel, a browser that starts."""

import asyncio
import json
import platform
import ssl
import subprocess
from importlib.metadata import version
from pathlib import Path

from tocsin.cli.finding import Finding
from tocsin.config.environment import Environment
from tocsin.probes.contract import Tool
from tocsin.probes.egress import EgressPolicy
from tocsin.probes.performance import confine
from tocsin.probes.performance.browser import Browser, BrowserFailed
from tocsin.probes.performance.installation import (
    OLDEST_NODE,
    Installation,
    Missing,
    find_installation,
    find_parts,
)
from tocsin.runtime.setup import probe_options

START_SECONDS = 20.0
VERSION_SECONDS = 10.0
NEWER_KERNEL = "run on a Linux kernel of 5.13 or newer, in a container that allows Landlock"
NEWER_NETWORK = "a kernel of 6.7 or newer keeps the browser's network closed as well"


def installation(_: Environment) -> Finding:
    """Name the parts that are always there, with their versions."""
    import pycurl  # noqa: PLC0415 - only here

    curl = pycurl.version_info()[1]
    parts = (
        f"Tocsin {version('tocsin')}",
        f"Python {platform.python_version()}",
        f"libcurl {curl}",
        " ".join(ssl.OPENSSL_VERSION.split()[:2]),
    )
    return Finding("installation", ok=True, detail=", ".join(parts))


def lighthouse(settings: Environment) -> Finding:
    """Look for Lighthouse, and for a Node that is new enough for it."""
    parts = find_parts(probe_options(settings))
    oldest = ".".join(map(str, OLDEST_NODE))
    if parts.lighthouse is None or parts.node is None:
        lacking = "Lighthouse" if parts.lighthouse is None else f"Node {oldest} or newer"
        remedy = "run `make setup`, or name it by TOCSIN_LIGHTHOUSE and TOCSIN_NODE"
        return Finding("lighthouse", ok=False, detail=f"there is no {lacking}", remedy=remedy)
    package = json.loads((parts.lighthouse / "package.json").read_text(encoding="utf-8"))
    node = _first_line(str(parts.node), "--version")
    return Finding("lighthouse", ok=True, detail=f"{package['version']} on Node {node}")


def landlock(_: Environment) -> Finding:
    """Ask the kernel what it can keep a browser from."""
    found = confine.version()
    if found == 0:
        detail = "this kernel confines nothing, so no browser is started"
        return Finding("landlock", ok=False, detail=detail, remedy=NEWER_KERNEL)
    if found < confine.NETWORK_SINCE:
        detail = f"version {found}: files, but not the network, which only the proxy judges"
        return Finding("landlock", ok=True, detail=detail, remedy=NEWER_NETWORK)
    return Finding("landlock", ok=True, detail=f"version {found}: files and network")


def browser(settings: Environment) -> Finding:
    """Start the browser as the performance tool does."""
    found = find_parts(probe_options(settings)).chromium
    if found is None:
        remedy = "run `apt-get install chromium`, or name it by TOCSIN_CHROMIUM"
        return Finding("browser", ok=False, detail="there is no Chromium", remedy=remedy)
    ready = _installation(settings)
    if ready is None:
        return Finding("browser", ok=True, detail=f"{found}, not started: see the others")
    try:
        started = asyncio.run(_start(ready))
    except BrowserFailed as failed:
        remedy = "let this user start Chromium with its sandbox (user namespaces)"
        return Finding("browser", ok=False, detail=str(failed), remedy=remedy)
    return Finding("browser", ok=True, detail=f"Chromium {started} starts, confined")


def tools(settings: Environment) -> Finding:
    """Say which tools can run here."""
    if _installation(settings) is not None:
        return Finding("tools", ok=True, detail=f"all can run: {', '.join(Tool)}")
    others = ", ".join(tool for tool in Tool if tool is not Tool.PERFORMANCE)
    return Finding(
        "tools",
        ok=False,
        detail=f"{others} can run; {Tool.PERFORMANCE} is skipped (browser_missing), and pages that "
        "scripts make are read without them",
        remedy="mend what lighthouse, landlock and browser name",
    )


def _installation(settings: Environment) -> Installation | None:
    found = find_installation(probe_options(settings))
    return None if isinstance(found, Missing) or confine.version() == 0 else found


async def _start(found: Installation) -> str:
    """Return the version of a browser that was started. Raises BrowserFailed."""
    started = Browser(found, EgressPolicy(()), START_SECONDS)
    try:
        return await started.version(seconds=START_SECONDS)
    finally:
        await started.close()


def _first_line(*command: str) -> str:
    try:
        said = subprocess.run(  # noqa: S603 — found on the PATH, or named by the operator
            command, capture_output=True, text=True, check=False, timeout=VERSION_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return f"{Path(command[0]).name} that does not answer"
    return said.stdout.strip().removeprefix("v")
