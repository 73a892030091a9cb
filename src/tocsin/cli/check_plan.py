"""What `tocsin check` was asked to do, read strictly; anything wrong is wrong usage."""

import asyncio
import re
import socket
import ssl
import time
import uuid
from collections.abc import Sequence

import msgspec

from tocsin.checks.tools import EFFORTS, Weight, tools_of
from tocsin.cli.errors import UsageError
from tocsin.config import environment
from tocsin.probes.contract import (
    DnsSettings,
    LinksSettings,
    PerformanceSettings,
    ProbeOptions,
    ProbeRequest,
    SslSettings,
    StatusSettings,
    Tool,
    ToolSettings,
)
from tocsin.probes.dns.resolvers import InvalidResolver, parse_resolver
from tocsin.probes.egress import EgressPolicy, EgressRefused, check_url, resolve
from tocsin.probes.target import InvalidTarget, Target
from tocsin.runtime.setup import probe_options

HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,255}")
HEADER_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]{0,2048}")
SETTINGS: dict[Tool, ToolSettings] = {
    Tool.STATUS: StatusSettings(),
    Tool.SSL: SslSettings(),
    Tool.DNS: DnsSettings(),
    Tool.BROKEN_LINKS: LinksSettings(),
    Tool.PERFORMANCE: PerformanceSettings(),
}
# These run where no tool is named: a person waits.
QUICK = tools_of(Weight.LIGHT)
QUICK_SECONDS = 30.0
LOOKUP_SECONDS = 5.0


class Plan(msgspec.Struct, frozen=True):
    """A URL and what to look at it with."""

    url: str
    target: Target
    options: ProbeOptions
    requests: tuple[ProbeRequest, ...]


def make_plan(
    url: str, tools: Sequence[str], headers: Sequence[str], resolvers: Sequence[str]
) -> Plan:
    """Read the arguments and the environment.

    Raises UsageError for a bad or refused argument and ConfigurationError for a bad setting.
    """
    wanted = read_tools(tools)
    pairs = tuple(read_header(header) for header in headers)
    options = read_options(resolvers)
    target = read_target(url, EgressPolicy(options.egress_allow))
    now = time.time()
    requests = tuple(
        ProbeRequest(str(uuid.uuid4()), tool, url, SETTINGS[tool], now + seconds_for(tool), pairs)
        for tool in wanted
    )
    return Plan(url, target, options, requests)


def read_tools(names: Sequence[str]) -> tuple[Tool, ...]:
    """Read tool names, each once; without any, every quick tool."""
    if not names:
        return QUICK
    known = {tool.value: tool for tool in Tool}
    for name in names:
        if name not in known:
            raise UsageError(f"There is no tool {name!r}: choose from {', '.join(known)}.")
    return tuple(dict.fromkeys(known[name] for name in names))


def seconds_for(tool: Tool) -> float:
    """Return how long a tool may take."""
    return QUICK_SECONDS if tool in QUICK else EFFORTS[tool].seconds


def read_options(resolvers: Sequence[str]) -> ProbeOptions:
    """Read the operator's settings from the environment; `resolvers` take the place of its own."""
    settings = environment.load()
    for resolver in resolvers:
        try:
            parse_resolver(resolver)
        except InvalidResolver as error:
            raise UsageError(str(error)) from None
    options = probe_options(settings)
    _require_roots(options.extra_ca_file)
    return msgspec.structs.replace(options, resolvers=tuple(resolvers) or options.resolvers)


def read_header(text: str) -> tuple[str, str]:
    """Read `Name: value`. Raises UsageError."""
    name, colon, value = text.partition(":")
    if not colon or not HEADER_NAME.fullmatch(name):
        raise UsageError(f"{text!r} is not a header: write 'Name: value'.")
    value = value.strip(" \t")
    if not HEADER_VALUE.fullmatch(value):
        raise UsageError(
            f"The value of the header {name} is over 2,048 characters or holds a line break or "
            "another control character."
        )
    return name, value


def read_target(url: str, policy: EgressPolicy) -> Target:
    """Read the URL and judge what shows without a look-up. Raises UsageError."""
    try:
        url.encode()
        return check_url(url, policy)
    except UnicodeEncodeError:
        raise UsageError("The URL is not text.") from None
    except InvalidTarget as error:
        raise UsageError(str(error)) from None
    except EgressRefused as refused:
        raise UsageError(refused.refusal.message) from None


async def require_open(plan: Plan) -> None:
    """Raise UsageError where every address of the host is refused.

    A name that does not resolve is no wrong usage: it is what a check finds out.
    """
    target, policy = plan.target, EgressPolicy(plan.options.egress_allow)
    try:
        async with asyncio.timeout(LOOKUP_SECONDS):
            await resolve(target.host, target.port, policy)
    except EgressRefused as refused:
        raise UsageError(refused.refusal.message) from None
    except (TimeoutError, socket.gaierror):
        return


def _require_roots(path: str | None) -> None:
    if path is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
    except OSError as error:
        problem = "holds no certificate" if isinstance(error, ssl.SSLError) else error.strerror
        raise environment.ConfigurationError(
            f"TOCSIN_EXTRA_CA_FILE: {path}: {problem}; name a file of PEM certificates"
        ) from None
