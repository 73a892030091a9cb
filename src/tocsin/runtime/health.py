"""Whether this installation can do its work now."""

import structlog
from django.db import DatabaseError, connection

from tocsin.checks import heartbeats

log = structlog.get_logger(__name__)
NO_DATABASE = "the database does not answer"
NO_WORKER = "no worker has given a sign of life lately"


def readiness() -> str | None:
    """Return what stands in the way, in words without details; None where all is well."""
    try:
        return None if heartbeats.anybody() else NO_WORKER
    except DatabaseError as error:
        log.warning("not ready", error=str(error))
        return NO_DATABASE
    finally:
        connection.close()
