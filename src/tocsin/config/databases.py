"""Where the rows are, as Django is told."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

FILE = "tocsin.sqlite3"


def database_settings(url: str, data_dir: Path) -> dict[str, Any]:
    """Return Django's settings of a database: `postgres://…`, `sqlite:///file`, or "" for ours.

    What stands after the `?` goes to libpq as it is (`sslmode=verify-full`). Raises ValueError.
    """
    parts = urlsplit(url)
    match parts.scheme:
        case "":
            return _sqlite(data_dir / FILE)
        case "sqlite":
            return _sqlite(Path(unquote(parts.path)))
        case "postgres" | "postgresql":
            return {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": unquote(parts.path.lstrip("/")),
                "USER": unquote(parts.username or ""),
                "PASSWORD": unquote(parts.password or ""),
                "HOST": unquote(parts.hostname or ""),
                "PORT": str(parts.port or ""),
                "CONN_MAX_AGE": 60,
                "OPTIONS": dict(parse_qsl(parts.query, strict_parsing=bool(parts.query))),
            }
    raise ValueError(f"{parts.scheme!r} is not a database; use postgres:// or sqlite:///")


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;"
            ),
        },
        # A file, so that tests of races can use it from several threads.
        "TEST": {"NAME": str(path.with_name("test.sqlite3"))},
    }
