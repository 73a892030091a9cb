"""The API as its own description says it is, asked by Schemathesis within this process."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import schemathesis
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections, transaction
from django.test import Client
from schemathesis import checks

from tocsin.api import limits

checks.load_all_checks()

# What every answer must be. Whether a request is rightly taken or refused is for other tests.
CHECKS: list[Any] = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
    """Answer as the server does, unthrottled, on the test's own connection to the database."""
    for window in (limits.requests_a_token, limits.check_runs_a_token, limits.failures_an_address):
        window.clear()
    with _connections_kept():
        answer = WSGIHandler()(environ, start)
        body = list(answer)
        answer.close()
    return body


def load() -> Any:
    """Return the description as Schemathesis sees it."""
    schema = schemathesis.openapi.from_dict(json.loads(Client().get("/openapi/v1.json").content))
    schema.app = application
    return schema


def with_a_site(case: Any) -> Any:
    """Let a body name an address that can be watched, since random text hardly ever is one."""
    if isinstance(case.body, dict) and "url" in case.body:
        case.body["url"] = f"https://{len(repr(case.body))}.example.com"
    return case


def ask(case: Any, token: str) -> int:
    """Ask and return the status. Raises where the answer is not as described."""
    response = case.call(headers={"Authorization": f"Bearer {token}"})
    case.validate_response(response, checks=CHECKS)
    return int(response.status_code)


@contextmanager
def undone() -> Iterator[None]:
    """Leave the database as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _connections_kept() -> Iterator[None]:
    signalled = (signals.request_started, signals.request_finished)
    for signal in signalled:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signalled:
            signal.connect(close_old_connections)
