"""What each tool would have found, in the shape that its probe gives. Pure, from a seed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from scripts.demo import links, speeds
from scripts.demo.catalogue import NAME_SERVER_PORT, ZONE, DemoSite, Profile
from tocsin.probes.contract import CheckStatus, Outcome, Tool

RESOLVERS = tuple(f"udp://127.0.0.{each}:{NAME_SERVER_PORT}" for each in (1, 2, 3))
ADDRESS = "127.0.0.1"
# How many days a certificate had left, or will, at the demo's moment.
DAYS_LEFT = {"expiring": 9, "expired": -6}
VALID_DAYS = 62
# What a crawl and a browser see of a site that is down.
UNREACHABLE = frozenset({"error", "timeout", "refused", "tls"})


@dataclass(frozen=True, slots=True)
class Sight:
    """What one check found; `problem` is the code and words of why a tool came to no result."""

    outcome: Outcome
    result: dict[str, Any] | None
    problem: tuple[str, str] | None = None
    status: CheckStatus = CheckStatus.COMPLETED


def sight(site: DemoSite, tool: Tool, word: str, moment: float, now: float) -> Sight:
    """Return what a tool finds at a site that is as `word` says, at a moment."""
    if word == "unknown":
        problem = ("vantage_network", "Our own network did not answer either.")
        return Sight(Outcome.UNKNOWN, None, problem, CheckStatus.FAILED)
    random = Random(f"{site.label} {tool} {int(moment)}")
    return _SIGHTS[tool](site, word, random, now - moment)


def _status(site: DemoSite, word: str, random: Random, _age: float) -> Sight:
    total = site.pace_ms * random.lognormvariate(0, 0.25)
    if word == "good":
        return Sight(Outcome.OK, _response(site, 200, total))
    if word == "error":
        return Sight(Outcome.FAILING, _response(site, 503, total))
    problem = _trouble(site, word)
    return Sight(Outcome.FAILING, _response(site, 0, None), problem, CheckStatus.FAILED)


def _trouble(site: DemoSite, word: str) -> tuple[str, str]:
    """Return why a request came to nothing, as code and words."""
    match word:
        case "error":
            return "http_error", "503 Service Unavailable"
        case "timeout":
            return "timeout", "Connection timed out after 10000 milliseconds"
        case "refused":
            where = site.url.partition("//")[2]
            return (
                "connect_refused",
                f"Failed to connect to {where} after 0 ms: Could not connect to server",
            )
    if site.profile is Profile.EXPIRED:
        return "tls", "SSL certificate OpenSSL verify result: certificate has expired (10)"
    words = "SSL: no alternative certificate subject name matches target hostname"
    return "tls", f"{words} '{site.host}'"


def _response(site: DemoSite, code: int, total: float | None) -> dict[str, Any]:
    answered = total is not None
    time = total or 0.0
    return {
        "up": code == 200,  # noqa: PLR2004 - what the good ones say
        "code": code,
        "url": site.url,
        "effective_url": site.url,
        "response_time": round(time, 1) if answered else None,
        "redirected": False,
        "redirect_count": 0,
        "timings": {
            "dns": round(time * 0.06, 1),
            "connect": round(time * 0.11, 1),
            "tls": round(time * 0.19, 1) if site.secure else 0.0,
            "ttfb": round(time * 0.86, 1),
            "total": round(time, 1),
        },
        "ip": ADDRESS if answered else None,
        "http_version": "1.1" if answered else None,
    }


def _ssl(site: DemoSite, word: str, _random: Random, age: float) -> Sight:
    if not site.secure:
        problem = ("plain_http", "The site is not served over TLS.")
        return Sight(Outcome.UNKNOWN, None, problem, CheckStatus.SKIPPED)
    now = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    until = now + timedelta(days=DAYS_LEFT.get(word, VALID_DAYS))
    left = (until - now + timedelta(seconds=age)).days
    failure = {
        "expired": ("expired", f"The certificate expired on {until:%-d %B %Y, %H:%M} UTC."),
        "misnamed": (
            "hostname_mismatch",
            f"The certificate is for elsewhere.{ZONE}, not for {site.host}.",
        ),
    }.get(word)
    names = [f"elsewhere.{ZONE}"] if word == "misnamed" else [site.host]
    result = {
        "domain": site.host,
        "ip": ADDRESS,
        "is_valid": failure is None,
        "failure_type": failure and failure[0],
        "failure_message": failure and failure[1],
        "issuer": "Demo authority",
        "issued_to": names[0],
        "subject": f"CN={names[0]}",
        "valid_from": (until - timedelta(days=90)).isoformat(),
        "valid_to": until.isoformat(),
        "days_left": left,
        "serial_number": f"{site.number:X}",
        "fingerprint": f"{Random(site.label).getrandbits(256):064x}",
        "verified": True,
        "protocol": "TLSv1.3",
        "cipher": "TLS_AES_256_GCM_SHA384",
        "chain": [],
        "info": {"names": names, "key": "EC 256", "self_signed": False},
    }
    return Sight(Outcome.OK if failure is None and left > 14 else Outcome.FAILING, result)  # noqa: PLR2004


def records(site: DemoSite) -> dict[str, list[str]]:
    """Return what the demo's name servers say of a site."""
    return {"A": [ADDRESS], "MX": [f"10 mail.{ZONE}"], "TXT": [f"v=spf1 a:{site.host} -all"]}


def _dns(site: DemoSite, word: str, random: Random, _age: float) -> Sight:
    said = {} if word == "lost" else records(site)
    error = "nxdomain" if word == "lost" else None
    answers = {
        resolver: {
            kind: {
                "values": said.get(kind, []),
                "error": error,
                "ms": round(random.uniform(2, 30), 1),
            }
            for kind in ("A", "AAAA", "CNAME", "MX", "NS", "TXT")
        }
        for resolver in RESOLVERS
    }
    result = {
        "records": {kind: said.get(kind, []) for kind in ("A", "AAAA", "CNAME", "MX", "NS", "TXT")},
        "is_cloudflare": False,
        "resolver_observations": answers,
        "nameservers": [f"ns1.{ZONE}", f"ns2.{ZONE}"],
        "soa_serial": 2026010100,
    }
    return Sight(Outcome.OK if word == "good" else Outcome.FAILING, result)


def _links(site: DemoSite, word: str, _random: Random, age: float) -> Sight:
    if word in UNREACHABLE:
        code, words = _trouble(site, word)
        problem = code, f"The start page cannot be read: {words}"
        return Sight(Outcome.FAILING, links.closed(), problem, CheckStatus.FAILED)
    crawled = links.crawl(site, word, age)
    return Sight(Outcome.FAILING if word == "found" else Outcome.OK, crawled)


def _performance(site: DemoSite, word: str, random: Random, age: float) -> Sight:
    if word in UNREACHABLE:
        problem = ("document_failed", "Lighthouse was unable to load the page.")
        return Sight(Outcome.FAILING, None, problem, CheckStatus.FAILED)
    measured = speeds.measure(site, word, random, age)
    return Sight(Outcome.FAILING if word == "slow" else Outcome.OK, measured)


_SIGHTS: Mapping[Tool, Callable[[DemoSite, str, Random, float], Sight]] = {
    Tool.STATUS: _status,
    Tool.SSL: _ssl,
    Tool.DNS: _dns,
    Tool.BROKEN_LINKS: _links,
    Tool.PERFORMANCE: _performance,
}
