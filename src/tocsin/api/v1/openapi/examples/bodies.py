"""What may be sent: an example for each body, and a value for each parameter."""

from collections.abc import Mapping
from typing import Any

from tocsin.api.v1.openapi.examples import world

BODIES: Mapping[str, Mapping[str, Any]] = {
    "update_monitoring": {
        "monitoring_settings": {
            "tools": {
                "status": {
                    "enabled": True,
                    "cadence_minutes": 5,
                    "settings": {"failures_to_open": 3},
                }
            },
            "quiet_time": {
                "enabled": True,
                "starts_at": "22:00",
                "ends_at": "06:30",
                "timezone": "Europe/Vienna",
            },
        }
    },
    "create_site": {
        "url": world.SUMMARY.url,
        "name": world.SUMMARY.name,
        "monitoring_settings": world.OVERRIDES,
        "dns_expected_records": {"A": ["192.0.2.17"], "MX": ["10 mail.example.com"]},
    },
    "create_sites": {
        "sites": [
            {"url": "https://shop.example.com", "name": "Shop"},
            {"url": "https://docs.example.com"},
            {"url": "ftp://files.example.com"},
        ]
    },
    "update_site": {
        "pinned": True,
        "monitoring_settings": {
            "tools": {"status": {"cadence_minutes": 1, "settings": {"failures_to_open": None}}}
        },
    },
    "queue_checks": {"tools": ["status"]},
}

IN_PATH: Mapping[str, Mapping[str, Any]] = {
    "team": {
        "description": "The team's id.",
        "schema": {"type": "integer", "format": "int64", "minimum": 1},
        "example": world.TEAM_ID,
    },
    "site": {"description": "The site's UUID.", "example": str(world.SITE_ID)},
    "check": {"description": "The check's UUID.", "example": str(world.STATUS_CHECK_ID)},
    "issue": {"description": "The issue's UUID.", "example": str(world.ISSUE_ID)},
}
