"""Requests that carry JSON."""

from typing import Any

import msgspec

from tocsin.notifications.channels.contract import HttpRequest

JSON = ("Content-Type", "application/json")


def post_json(url: str, payload: Any) -> HttpRequest:
    """POST a payload as UTF-8 JSON; its text must be encodable."""
    return HttpRequest(url, (JSON,), msgspec.json.encode(payload))
