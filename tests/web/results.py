"""Results as the probes store them, one of each tool, and checks that hold them."""

from datetime import datetime, timedelta
from typing import Any

from tocsin.checks.models import Check, Schedule
from tocsin.kit import clock
from tocsin.probes.contract import Tool
from tocsin.sites.models import Site

STATUS = {
    "up": True,
    "code": 200,
    "url": "https://shop.example",
    "effective_url": "https://shop.example/en",
    "response_time": 143.2,
    "redirected": True,
    "redirect_count": 1,
    "redirects": [{"url": "https://shop.example", "code": 301}],
    "timings": {"dns": 10.0, "connect": 20.0, "tls": 30.0, "ttfb": 120.0, "total": 143.2},
    "ip": "203.0.113.7",
    "http_version": "2",
}
SSL = {
    "is_valid": True,
    "issuer": "R11",
    "issued_to": "shop.example",
    "valid_from": "2030-01-01T00:00:00+00:00",
    "valid_to": "2030-04-01T00:00:00+00:00",
    "days_left": 61,
    "protocol": "TLSv1.3",
    "cipher": "TLS_AES_256_GCM_SHA384",
    "chain": [{"subject": "CN=shop.example", "issuer": "CN=R11,O=Let\\, us", "valid_to": None}],
    "info": {"names": ["shop.example", "www.shop.example"], "key": "EC secp256r1"},
}
_SEEN = {"A": {"values": ["203.0.113.7", "203.0.113.8"], "error": None, "ms": 1.0}}
_SILENT = {"A": {"values": [], "error": "servfail", "ms": 9.0}}
DNS = {
    "records": {"A": ["203.0.113.7", "203.0.113.8"], "MX": []},
    "is_cloudflare": False,
    "resolver_observations": {"udp://1.1.1.1": _SEEN, "udp://8.8.8.8": _SEEN, "x": _SILENT},
    "nameservers": ["ns1.example"],
    "soa_serial": 7,
}
LINKS = {
    "found": 2,
    "crawled": 40,
    "urls": [
        {"url": f"https://shop.example/{name}", "source": "https://shop.example/", "status": status,
         "cause": cause, "text": "Read more"}
        for name, status, cause in (
            ("a", 404, "not_found"), ("b", None, "dns"), ("c", 999, "blocked"), ("d", 1, "newer"),
        )
    ],
    "crawl": {"finish_reason": "page_limit", "links_checked": 900, "duration_ms": 61_000,
              "robots_blocked": 3},
}  # fmt: skip
PERFORMANCE = {
    "url": "https://shop.example",
    "response_time": 120.0,
    "speed_metrics": {
        "performance_score": 78,
        "core_web_vitals": {"lcp": {"value": 2840.0, "display_value": "2.8 s", "score": 0.4}},
        "metrics": {"ttfb": {"value": 210.0, "display_value": "210 ms", "score": None}},
        "opportunities": [{"id": "x", "title": "Serve smaller images", "savings_ms": 430}],
        "runs": [{"performance_score": 78}, {"performance_score": 80}],
        "environment": {"lighthouse": "13.5.0", "preset": "mobile"},
    },
}
RESULTS: dict[Tool, dict[str, Any]] = {
    Tool.STATUS: STATUS,
    Tool.SSL: SSL,
    Tool.DNS: DNS,
    Tool.BROKEN_LINKS: LINKS,
    Tool.PERFORMANCE: PERFORMANCE,
}


def check_of(
    site: Site,
    tool: Tool,
    *,
    at: datetime | None = None,
    outcome: str = "ok",
    **fields: Any,
) -> Check:
    """Record an automatic check of now, and make it the tool's latest."""
    at = at or clock.now()
    check = Check.objects.create(
        **{
            "site": site,
            "type": tool.value,
            "status": "completed",
            "outcome": outcome,
            "automatic": True,
            "run_reason": "scheduled",
            "scheduled_for": at,
            "result": RESULTS[tool],
            "created_at": at,
            "updated_at": at,
            "completed_at": at + timedelta(milliseconds=143),
            **fields,
        }
    )
    if check.automatic:
        Schedule.objects.filter(site=site, tool=tool.value).update(
            latest_check=check.pk, latest_at=at, latest_outcome=outcome
        )
    return check
