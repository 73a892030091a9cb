"""Where things are within a backup."""

MANIFEST = "manifest.json"
SECRET_KEY = "secret_key"  # noqa: S105 - the name of the member that holds it
MEDIA = "media/"
# Before each row stands the number of its bytes.
LENGTH = ">I"


def table_member(table: str) -> str:
    """Return the name of the member with a table's rows."""
    return f"tables/{table}"
