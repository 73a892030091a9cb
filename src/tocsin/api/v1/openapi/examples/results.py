"""What each tool found at the shop, as its probe tells it."""

from collections.abc import Mapping
from typing import Any

from tocsin.probes.contract import Tool

DOMAIN = "shop.example.com"
URL = f"https://{DOMAIN}"
ADDRESS = "192.0.2.17"

STATUS: dict[str, Any] = {
    "up": True,
    "code": 200,
    "url": URL,
    "effective_url": URL,
    "response_time": 142.731,
    "redirected": False,
    "redirect_count": 0,
    "timings": {"dns": 11.204, "connect": 9.87, "tls": 23.115, "ttfb": 131.402, "total": 142.731},
    "ip": ADDRESS,
    "http_version": "2",
}
_ISSUER = "CN=Example Trust R1,O=Example Trust,C=AT"
SSL: dict[str, Any] = {
    "domain": DOMAIN,
    "ip": ADDRESS,
    "is_valid": True,
    "failure_type": None,
    "failure_message": None,
    "issuer": "Example Trust R1",
    "issued_to": DOMAIN,
    "subject": f"CN={DOMAIN}",
    "valid_from": "2026-10-27T00:00:00+00:00",
    "valid_to": "2027-01-25T00:00:00+00:00",
    "days_left": 61,
    "serial_number": "4D2",
    "fingerprint": "5f8b0c3a9d2e47160b1c8f5a7e3d92640c5b8a1f6e7d3c2b9a08f1e2d3c4b5a6",
    "verified": True,
    "protocol": "TLSv1.3",
    "cipher": "TLS_AES_256_GCM_SHA384",
    "chain": [
        {
            "subject": f"CN={DOMAIN}",
            "issuer": _ISSUER,
            "valid_from": "2026-10-27T00:00:00+00:00",
            "valid_to": "2027-01-25T00:00:00+00:00",
            "serial_number": "4D2",
            "fingerprint": "5f8b0c3a9d2e47160b1c8f5a7e3d92640c5b8a1f6e7d3c2b9a08f1e2d3c4b5a6",
        },
        {
            "subject": _ISSUER,
            "issuer": "CN=Example Root X1,O=Example Trust,C=AT",
            "valid_from": "2024-03-13T00:00:00+00:00",
            "valid_to": "2029-03-12T23:59:59+00:00",
            "serial_number": "8A7D3E13D62F30EF2386BD29076B34F8",
            "fingerprint": "9d7c3f1aa6ad2b2ec0d5cf1e246f8d9ae6cbc9fd0755ad37bb974b1f2fb603f3",
        },
    ],
    "info": {
        "names": [DOMAIN, f"www.{DOMAIN}"],
        "key": "EC secp256r1",
        "signature": "sha256WithRSAEncryption",
        "self_signed": False,
        "issuer_subject": _ISSUER,
    },
}
DNS: dict[str, Any] = {
    "records": {"A": [ADDRESS], "AAAA": [], "MX": ["10 mail.example.com"]},
    "is_cloudflare": False,
    "resolver_observations": {
        "udp://1.1.1.1:53": {
            "A": {"values": [ADDRESS], "error": None, "ms": 8.412},
            "AAAA": {"values": [], "error": None, "ms": 8.77},
            "MX": {"values": ["10 mail.example.com"], "error": None, "ms": 9.031},
        },
        "udp://9.9.9.9:53": {
            "A": {"values": [ADDRESS], "error": None, "ms": 12.6},
            "AAAA": {"values": [], "error": None, "ms": 12.914},
            "MX": {"values": [], "error": "timeout", "ms": 5000.0},
        },
    },
    "nameservers": ["ns1.example.com", "ns2.example.com"],
    "soa_serial": 2026112401,
}
LINKS: dict[str, Any] = {
    "found": 1,
    "crawled": 42,
    "urls": [
        {
            "id": "e1b0a8c3d4f56789",
            "url": f"{URL}/sale-2025",
            "source": f"{URL}/news",
            "status": 404,
            "cause": "not_found",
            "text": "Winter sale",
            "confirmed": True,
            "message": "404 Not Found",
        },
        {
            "id": "0c9d8e7f6a5b4c3d",
            "url": "https://social.example.com/shop",
            "source": URL,
            "status": 403,
            "cause": "blocked",
            "text": "Follow us",
            "confirmed": False,
            "message": "403 Forbidden",
        },
    ],
    "crawl": {
        "finish_reason": "completed",
        "limits": {"max_pages": 500, "max_depth": 10, "max_seconds": 600.0},
        "links_checked": 318,
        "duration_ms": 41872.114,
        "js_rendered": False,
        "robots_blocked": 3,
        "links_dropped": 0,
        "pages_unread": 0,
        "urls_omitted": 0,
    },
}
PERFORMANCE: dict[str, Any] = {
    "url": URL,
    "response_time": 118.4,
    "speed_metrics": {
        "performance_score": 91,
        "core_web_vitals": {
            "lcp": {"value": 2140.5, "display_value": "2.1 s", "score": 0.95},
            "inp": {"value": None, "display_value": None, "score": None},
            "cls": {"value": 0.02, "display_value": "0.02", "score": 1},
            "tbt": {"value": 130.0, "display_value": "130 ms", "score": 0.97},
        },
        "metrics": {
            "fcp": {"value": 1310.2, "display_value": "1.3 s", "score": 0.98},
            "speed_index": {"value": 2480.7, "display_value": "2.5 s", "score": 0.97},
            "tti": {"value": 3020.9, "display_value": "3.0 s", "score": 0.95},
            "ttfb": {"value": 412.0, "display_value": "412 ms", "score": None},
        },
        "opportunities": [
            {"id": "unused-javascript", "title": "Reduce unused JavaScript", "savings_ms": 300.0}
        ],
        "real_user_metrics": None,
        "origin_metrics": None,
        "runs": [{"performance_score": score} for score in (90, 91, 93)],
        "environment": {
            "lighthouse": "13.5.0",
            "chromium": "156.0.8078.79",
            "preset": "mobile",
            "cpu_benchmark": 1874.5,
        },
    },
}
RESULTS: Mapping[Tool, dict[str, Any]] = {
    Tool.STATUS: STATUS,
    Tool.SSL: SSL,
    Tool.DNS: DNS,
    Tool.BROKEN_LINKS: LINKS,
    Tool.PERFORMANCE: PERFORMANCE,
}
