"""What each tool would have found, in the shape that its probe gives. Pure, from a seed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from scripts.demo.catalogue import ZONE, DemoSite
from tocsin.probes.contract import CheckStatus, Outcome, Tool

RESOLVERS = ("udp://127.0.0.1", "udp://127.0.0.2", "udp://127.0.0.3")
ADDRESS = "127.0.0.1"
# How many days a certificate had left, or will, at the demo's moment.
DAYS_LEFT = {"expiring": 9, "expired": -6}
VALID_DAYS = 62


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
    return _SIGHTS[tool](site, word, random, moment - now)


def _status(site: DemoSite, word: str, random: Random, _age: float) -> Sight:
    base = 40 + sum(map(ord, site.label)) % 180
    total = base * random.lognormvariate(0, 0.25)
    if word == "good":
        return Sight(Outcome.OK, _response(site, 200, total))
    if word == "error":
        return Sight(Outcome.FAILING, _response(site, 503, total))
    code, words = {
        "timeout": ("timeout", "No answer within 10 seconds."),
        "refused": ("connection_refused", f"{ADDRESS} refused the connection."),
        "tls": ("tls", "The certificate cannot be verified."),
    }[word]
    return Sight(Outcome.FAILING, _response(site, 0, None), (code, words), CheckStatus.FAILED)


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
    left = (until - now - timedelta(seconds=age)).days
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
        "serial_number": f"{sum(map(ord, site.label)):X}",
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


def _links(site: DemoSite, word: str, random: Random, _age: float) -> Sight:
    count = random.randrange(6, 12) if word == "found" else random.choice((0, 0, 0, 1, 2))
    pages = 20 + sum(map(ord, site.label)) % 160
    causes = (("not_found", 404), ("gone", 410), ("server_error", 500), ("timeout", None))
    urls = [
        {
            "id": f"{number:016x}",
            "url": f"{site.url}/articles/{number * 7 + 3}",
            "source": f"{site.url}/page/{number % 4 + 1}",
            "status": status,
            "cause": cause,
            "text": f"Article {number * 7 + 3}",
            "confirmed": True,
            "message": cause.replace("_", " ").capitalize() + ".",
        }
        for number in range(count)
        for cause, status in (causes[number % len(causes)],)
    ]
    crawl = {
        "finish_reason": "completed",
        "limits": {"max_pages": 500, "max_depth": 10, "max_seconds": 600},
        "links_checked": pages * 9,
        "duration_ms": pages * 210.0,
        "js_rendered": False,
        "robots_blocked": 2,
        "links_dropped": 0,
        "pages_unread": 0,
        "urls_omitted": 0,
    }
    result = {"found": count, "crawled": pages, "urls": urls, "crawl": crawl}
    return Sight(Outcome.FAILING if word == "found" else Outcome.OK, result)


def _performance(site: DemoSite, word: str, random: Random, _age: float) -> Sight:
    best = 82 + sum(map(ord, site.label)) % 17
    score = random.randrange(28, 44) if word == "slow" else min(100, best + random.randrange(-3, 3))
    slowness = (105 - score) / 20
    ttfb = 120.0 * slowness
    result = {
        "url": site.url,
        "response_time": round(ttfb * 0.8, 1),
        "speed_metrics": {
            "performance_score": score,
            "core_web_vitals": {
                "lcp": _seconds(1.1 * slowness, score),
                "cls": {
                    "value": round(0.02 * slowness, 3),
                    "display_value": f"{0.02 * slowness:.3f}",
                    "score": score / 100,
                },
                "tbt": _milliseconds(90 * slowness, score),
                "inp": {"value": None, "display_value": None, "score": None},
            },
            "metrics": {
                "fcp": _seconds(0.7 * slowness, score),
                "speed_index": _seconds(1.2 * slowness, score),
                "tti": _seconds(1.6 * slowness, score),
                "ttfb": _milliseconds(ttfb, score),
            },
            "opportunities": [
                {
                    "id": "uses-text-compression",
                    "title": "Enable text compression",
                    "savings_ms": round(420 * slowness),
                },
                {
                    "id": "uses-responsive-images",
                    "title": "Properly size images",
                    "savings_ms": round(260 * slowness),
                },
            ],
            "real_user_metrics": None,
            "origin_metrics": None,
            "runs": [{"performance_score": score + each} for each in (-1, 0, 1)],
            "environment": {
                "lighthouse": "13.5.0",
                "chromium": "131",
                "preset": "mobile",
                "cpu_benchmark": 1400.0,
            },
        },
    }
    return Sight(Outcome.FAILING if word == "slow" else Outcome.OK, result)


def _seconds(value: float, score: int) -> dict[str, Any]:
    return {
        "value": round(value * 1000, 1),
        "display_value": f"{value:.1f} s",
        "score": score / 100,
    }


def _milliseconds(value: float, score: int) -> dict[str, Any]:
    return {"value": round(value, 1), "display_value": f"{value:.0f} ms", "score": score / 100}


_SIGHTS: Mapping[Tool, Callable[[DemoSite, str, Random, float], Sight]] = {
    Tool.STATUS: _status,
    Tool.SSL: _ssl,
    Tool.DNS: _dns,
    Tool.BROKEN_LINKS: _links,
    Tool.PERFORMANCE: _performance,
}
