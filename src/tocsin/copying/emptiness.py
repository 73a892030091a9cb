"""Whether a database holds anything that a copy would destroy."""

from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connections

from tocsin.copying import connecting, schema
from tocsin.copying.tables import all_tables

# Filled when tables are made, from the code.
_MADE_WITH_TABLES = frozenset({"django_content_type", "auth_permission"})


def first_with_rows(alias: str) -> str | None:
    """Return the name of a table with rows in it, None where there is none.

    Tables of another version count as full.
    """
    if _is_missing_file(connections[alias].settings_dict):
        return None
    state = schema.state(alias)
    if state is schema.SchemaState.MISSING:
        return None
    if state is not schema.SchemaState.CURRENT:
        return "tables that another version made"
    with closing(connecting.connect(alias)) as database:
        for table in all_tables():
            if table.name not in _MADE_WITH_TABLES and database.has_rows(table):
                return table.name
    return None


def _is_missing_file(settings: dict[str, Any]) -> bool:
    # To connect to it would make it.
    return settings["ENGINE"].endswith("sqlite3") and not Path(settings["NAME"]).exists()
