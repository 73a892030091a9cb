"""Errors as people see them on the command line: one line, and an exit code."""

import os
import sys

import typer

WRONG_USAGE = 2
INTERRUPTED = 130


class UsageError(Exception):
    """The command line itself is wrong."""


def report(error: Exception) -> int:
    """Print one line about an error on standard error. Returns the exit code."""
    if isinstance(error, typer.Abort):
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    message, code = _explain(error)
    if message:
        print(message if code == WRONG_USAGE else f"tocsin: {message}", file=sys.stderr)
    return code


def _explain(error: Exception) -> tuple[str, int]:
    if isinstance(error, typer.TyperException):
        return _usage(error), error.exit_code
    if isinstance(error, UsageError):
        return f"tocsin: {error}", WRONG_USAGE
    if _is_expected(error):
        return " ".join(str(error).split()), 1
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror}", 1
    kind = type(error).__name__
    return f"internal error ({kind}: {error}); TOCSIN_DEBUG=1 shows where it happened", 1


def _usage(error: typer.TyperException) -> str:
    message = error.format_message().strip()
    # A group without a command has answered with its help already.
    return f"tocsin: {message}" if message else ""


def _is_expected(error: Exception) -> bool:
    # Only what is loaded can have been raised, so nothing is imported for the answer.
    names = (
        ("tocsin.config.environment", "ConfigurationError"),
        ("tocsin.kit.errors", "DomainError"),
        ("tocsin.sites.errors", "SiteError"),
        ("django.db", "DatabaseError"),
    )
    loaded = ((sys.modules.get(module), name) for module, name in names)
    kinds = tuple(getattr(module, name) for module, name in loaded if module is not None)
    return isinstance(error, kinds)
