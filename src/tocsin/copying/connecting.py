"""Opens databases for copying, of Django's own or beside them."""

from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from tocsin.copying.database import Database
from tocsin.copying.errors import CopyError
from tocsin.copying.postgresql import PostgreSql
from tocsin.copying.sqlite import Sqlite


def add(alias: str, settings: dict[str, Any]) -> None:
    """Let Django know another database. Raises CopyError where it cannot be reached."""
    own = connections.settings[DEFAULT_DB_ALIAS]
    connections.settings[alias] = {**own, **settings}
    try:
        connections[alias].ensure_connection()
    except DatabaseError as error:
        raise CopyError(f"The other database cannot be reached: {error}") from None


def connect(alias: str = DEFAULT_DB_ALIAS) -> Database:
    """Open one of Django's databases on a connection of its own. Raises CopyError."""
    connection = connections[alias]
    if connection.vendor == "sqlite":
        return Sqlite(Path(connection.settings_dict["NAME"]))
    parameters = connection.get_connection_params()
    # These make rows as Django wants them.
    return PostgreSql({key: parameters[key] for key in parameters if key not in _DJANGOS})


_DJANGOS = {"context", "cursor_factory", "server_side_binding"}
