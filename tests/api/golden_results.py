"""What each tool finds, field by field as section 6 says, and what we add to it."""

from typing import Any

from tests.api.golden import ADDRESS, MOMENT, Keyed, OrNull, one_of

STATUS = {
    "up": bool,
    "code": int,
    "url": ADDRESS,
    "effective_url": ADDRESS,
    "response_time": float,
    "redirected": bool,
    "redirect_count": int,
    "timings": {"dns": float, "connect": float, "tls": float, "ttfb": float, "total": float},
    "ip": OrNull(str),
    "http_version": OrNull(str),
}
REDIRECTS = {"redirects": [{"url": ADDRESS, "code": int}]}
CHAIN = {
    "subject": str,
    "issuer": str,
    "valid_from": MOMENT,
    "valid_to": MOMENT,
    "serial_number": str,
    "fingerprint": str,
}
INFO = {
    "names": [str],
    "key": str,
    "signature": str,
    "self_signed": bool,
    "issuer_subject": str,
}
SSL = {
    "domain": str,
    "ip": OrNull(str),
    "is_valid": bool,
    "failure_type": OrNull(
        one_of(
            "expired",
            "not_yet_valid",
            "hostname_mismatch",
            "untrusted_chain",
            "no_certificate",
            "connection_failed",
        )
    ),
    "failure_message": OrNull(str),
    "issuer": OrNull(str),
    "issued_to": OrNull(str),
    "subject": OrNull(str),
    "valid_from": OrNull(MOMENT),
    "valid_to": OrNull(MOMENT),
    "days_left": OrNull(int),
    "serial_number": OrNull(str),
    "fingerprint": OrNull(str),
    "verified": bool,
    "protocol": OrNull(str),
    "cipher": OrNull(str),
    "chain": [CHAIN],
}
DNS = {
    "records": Keyed([str]),
    "is_cloudflare": bool,
    "resolver_observations": Keyed(Keyed({"values": [str], "error": OrNull(str), "ms": float})),
    "nameservers": [str],
    "soa_serial": OrNull(int),
}
LINKS = {
    "found": int,
    "crawled": int,
    "urls": [
        {
            "url": ADDRESS,
            "source": ADDRESS,
            "status": OrNull(int),
            "cause": one_of(
                *("not_found", "gone", "server_error", "dns", "timeout", "connect", "tls"),
                *("blocked", "rate_limited", "other"),
            ),
            "text": str,
            # Ours.
            "id": str,
            "confirmed": bool,
            "message": str,
        }
    ],
    "crawl": {
        "finish_reason": one_of(
            "completed", "page_limit", "depth_limit", "time_limit", "blocked", "start_failed"
        ),
        "limits": {"max_pages": int, "max_depth": int, "max_seconds": float},
        "links_checked": int,
        "duration_ms": float,
        "js_rendered": bool,
        "robots_blocked": int,
        # Ours.
        "links_dropped": int,
        "pages_unread": int,
        "urls_omitted": int,
    },
}
METRIC = {"value": OrNull(float), "display_value": OrNull(str), "score": OrNull(float)}
PERFORMANCE = {
    "url": ADDRESS,
    "response_time": OrNull(float),
    "speed_metrics": {
        "performance_score": int,
        "core_web_vitals": dict.fromkeys(("lcp", "inp", "cls", "tbt"), METRIC),
        "metrics": dict.fromkeys(("fcp", "speed_index", "tti", "ttfb"), METRIC),
        "opportunities": [{"id": str, "title": str, "savings_ms": float}],
        "real_user_metrics": OrNull(Keyed(object)),
        "origin_metrics": OrNull(Keyed(object)),
        "runs": [{"performance_score": int}],
        "environment": {
            "lighthouse": str,
            "chromium": str,
            "preset": one_of("mobile"),
            "cpu_benchmark": float,
        },
    },
}


def shape_of(tool: str, result: Any) -> Any:
    """Return the shape that a result must have: some fields are there only with something in."""
    match tool:
        case "status":
            shape = {**STATUS, **(REDIRECTS if result["redirected"] else {})}
            return shape if result["code"] else {**shape, "error": str}
        case "ssl":
            return {**SSL, "info": INFO if result["chain"] else {}}
        case "dns":
            return DNS
        case "broken-links":
            return LINKS
    return PERFORMANCE
