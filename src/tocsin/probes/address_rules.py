"""Which IP addresses and ports are closed to checks, and under which rule.

Sources: the IANA special-purpose address registries (RFC 6890 and its updates) and the documented
metadata addresses of the large clouds.
"""

from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

PORT_RULE = "port"
WEB_PORTS = frozenset({80, 443})
FIRST_USER_PORT, LAST_PORT = 1024, 65535

# The first match names the refusal, so the special case stands before the range around it.
_REFUSED: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "metadata",
        (
            "169.254.169.254/32",
            "169.254.170.2/32",
            "169.254.170.23/32",
            "100.100.100.200/32",
            "168.63.129.16/32",
            "192.0.0.192/32",
            "fd00:ec2::254/128",
            "fd00:ec2::23/128",
            "fd20:ce::254/128",
        ),
    ),
    ("unspecified", ("0.0.0.0/32", "::/128")),
    ("loopback", ("127.0.0.0/8", "::1/128")),
    ("broadcast", ("255.255.255.255/32",)),
    ("private", ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10")),
    ("link_local", ("169.254.0.0/16", "fe80::/10")),
    ("cgnat", ("100.64.0.0/10",)),
    ("multicast", ("224.0.0.0/4", "ff00::/8")),
    (
        "reserved",
        (
            "0.0.0.0/8",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "240.0.0.0/4",
            "2001:2::/48",
            "2001:10::/28",
            "2001:20::/28",
            "2001:db8::/32",
            "3fff::/20",
        ),
    ),
)
_TABLE: tuple[tuple[str, Network], ...] = tuple(
    (rule, ip_network(text)) for rule, texts in _REFUSED for text in texts
)

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_MAPPED = IPv6Network("::ffff:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = IPv6Network("2002::/16")
_TEREDO = IPv6Network("2001::/32")
_LOW_32_BITS = (_MAPPED, _NAT64, IPv6Network("::/96"), IPv6Network("::ffff:0:0:0/96"))
_ISATAP_MARKS = (0x00005EFE, 0x02005EFE)


def open_port(port: int) -> bool:
    """Tell whether checks may use the port: 80, 443 and 1024–65535."""
    return port in WEB_PORTS or FIRST_USER_PORT <= port <= LAST_PORT


def refusing_rule(address: Address, is_allowed: Callable[[Address], bool]) -> str | None:
    """Return the rule that closes the address, or None if it is open.

    An IPv6 address that carries IPv4 addresses is open only if each of them is.
    """
    if is_allowed(address):
        return None
    named = _named_rule(address)
    if named is not None:
        return named
    if isinstance(address, IPv4Address):
        return None
    for carried in carried_addresses(address):
        rule = refusing_rule(carried, is_allowed)
        if rule is not None:
            return rule
    return None if _is_routable(address) else "reserved"


def carried_addresses(address: IPv6Address) -> Iterator[IPv4Address]:
    """Yield the IPv4 addresses inside an IPv6 address, whatever the way of carrying them.

    Mapped, compatible, translated, NAT64, 6to4, Teredo (server and client) and ISATAP.
    """
    number = int(address)
    if any(address in network for network in _LOW_32_BITS):
        yield _four(number)
    if address in _SIX_TO_FOUR:
        yield _four(number >> 80)
    if address in _TEREDO:
        yield _four(number >> 64)
        yield _four(~number)
    if (number >> 32) & 0xFFFFFFFF in _ISATAP_MARKS:
        yield _four(number)


def _named_rule(address: Address) -> str | None:
    return next((rule for rule, network in _TABLE if address in network), None)


def _is_routable(address: IPv6Address) -> bool:
    return address in _GLOBAL_UNICAST or address in _MAPPED or address in _NAT64


def _four(number: int) -> IPv4Address:
    return IPv4Address(number & 0xFFFFFFFF)
