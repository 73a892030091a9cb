"""Identifiers."""

import uuid

import uuid_utils


def new_uuid() -> uuid.UUID:
    """Make a version-7 UUID: unique, and rising with time so that indexes stay compact."""
    return uuid.UUID(bytes=uuid_utils.uuid7().bytes)
