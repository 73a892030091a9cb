"""The one gate to the outside: judge every address, then connect to the judged address only.

What users name (sites, links, destinations) passes here. Services that the operator configures
(resolvers, mail, database, bus) do not.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from tocsin.probes.address_rules import PORT_RULE, Address, open_port, refusing_rule
from tocsin.probes.lookup import look_up
from tocsin.probes.target import Target, parse_target

REMEDY = "TOCSIN_EGRESS_ALLOW"


class Refusal(msgspec.Struct, frozen=True):
    """Which rule refused which address and port."""

    rule: str
    address: str
    port: int

    @property
    def message(self) -> str:
        """Say in words what was refused, by which rule, and what would open it."""
        if self.rule == PORT_RULE:
            return (
                f"Port {self.port} of {self.address} is refused by the egress rule “port”: only "
                f"80, 443 and 1024–65535 are open to checks ({REMEDY} opens addresses, not ports)."
            )
        return (
            f"{self.address} (port {self.port}) is refused by the egress rule “{self.rule}”. "
            f"To let checks reach it, add its range to {REMEDY}."
        )


class EgressRefused(Exception):  # noqa: N818 — it is a verdict, not a mistake
    """The egress policy refused a connection; `refusal` says which rule and which address."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


class EgressPolicy:
    """Which addresses and ports checks may connect to.

    `allow`: CIDR ranges opened by the operator. A range opens addresses, never ports: whoever lets
    checks into an intranet does not thereby let them talk to its mail and SSH servers.
    """

    def __init__(self, allow: Iterable[str] = ()) -> None:
        self._allow = tuple(ipaddress.ip_network(item, strict=False) for item in allow)
        self._rule_for = lru_cache(maxsize=8192)(self._judge_address)

    def judge(self, address: str, port: int) -> Refusal | None:
        """Return why a connection to this literal address is refused, or None if it is open."""
        rule = self._rule_for(address)
        if rule is not None:
            return Refusal(rule, address, port)
        return self.judge_port(address, port)

    def judge_port(self, host: str, port: int) -> Refusal | None:
        """Return why the port is refused whatever the address of the host turns out to be."""
        return None if open_port(port) else Refusal(PORT_RULE, host, port)

    def require(self, address: str, port: int) -> None:
        """Raise EgressRefused unless a connection to this literal address is open."""
        refusal = self.judge(address, port)
        if refusal is not None:
            raise EgressRefused(refusal)

    def _judge_address(self, text: str) -> str | None:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return "not_an_address"
        return refusing_rule(address, self._is_allowed)

    def _is_allowed(self, address: Address) -> bool:
        return any(address in network for network in self._allow)


def check_url(url: str, policy: EgressPolicy) -> Target:
    """Read a URL and judge what can be judged without resolving: port and literal address.

    Raises InvalidTarget or EgressRefused.
    """
    target = parse_target(url)
    refusal = (
        policy.judge(target.host, target.port)
        if target.is_literal
        else policy.judge_port(target.host, target.port)
    )
    if refusal is not None:
        raise EgressRefused(refusal)
    return target


async def resolve(
    host: str,
    port: int,
    policy: EgressPolicy,
    *,
    family: socket.AddressFamily = socket.AF_UNSPEC,
) -> tuple[str, ...]:
    """Resolve a host by the system's resolver and return the addresses that are open.

    A literal address is judged as it is. Raises EgressRefused when every address is refused (with
    the first refusal) and `socket.gaierror` when the name does not resolve.
    """
    refusal = policy.judge_port(host, port)
    if refusal is not None:
        raise EgressRefused(refusal)
    addresses = await _look_up(host, family)
    refusals = [policy.judge(address, port) for address in addresses]
    judged = zip(addresses, refusals, strict=True)
    open_addresses = tuple(address for address, refused in judged if refused is None)
    if open_addresses:
        return open_addresses
    raise EgressRefused(next(refused for refused in refusals if refused is not None))


async def open_connection(
    address: str,
    port: int,
    policy: EgressPolicy,
    *,
    timeout: float,  # noqa: ASYNC109 — the name of the standard library
) -> socket.socket:
    """Connect to a literal address after judging it; return a connected non-blocking socket.

    The caller closes the socket. Raises EgressRefused, TimeoutError (after `timeout` seconds) or
    OSError.
    """
    policy.require(address, port)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    connection = socket.socket(family, socket.SOCK_STREAM)
    connection.settimeout(0)
    try:
        async with asyncio.timeout(timeout):
            await asyncio.get_running_loop().sock_connect(connection, (address, port))
    except BaseException:
        connection.close()
        raise
    return connection


async def _look_up(host: str, family: socket.AddressFamily) -> tuple[str, ...]:
    answer = await look_up(host, family)
    if answer.error is not None:
        raise socket.gaierror(socket.EAI_NONAME, answer.error)
    return answer.addresses
