"""Logs: one line an event, for people (console) or programs (json), without secrets."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from tocsin.kit.redaction import without_tokens

SECRET_WORDS = ("token", "password", "secret", "authorization", "cookie", "api_key")
HIDDEN = "[hidden]"


def configure(log_format: str) -> None:
    """Send this process's logs, Tocsin's and the libraries', to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering(log_format),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    # It tells of a session for each request, though there are none.
    logging.getLogger("mcp").setLevel(logging.WARNING)


def hide_secrets(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace the values of keys that are named like secrets."""
    for key in event:
        if any(word in key.lower() for word in SECRET_WORDS):
            event[key] = HIDDEN
    return event


def redact(_logger: object, _method: str, line: str) -> str:
    """Take tokens out of the finished line: they stand in messages and tracebacks as well."""
    return without_tokens(line)


def _rendering(log_format: str) -> list[Any]:
    if log_format == "json":
        return [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(sort_keys=True),
            redact,
        ]
    # Plain: the usual one shows the values of variables, which are passwords and cookies too.
    plain = structlog.dev.plain_traceback
    renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)
    return [renderer, redact]
