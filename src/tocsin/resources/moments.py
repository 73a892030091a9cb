"""Moments as the contract writes them."""

from datetime import UTC, datetime


def timestamp(moment: datetime) -> str:
    """Write a moment: UTC, whole seconds, `+00:00`."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def moment(value: datetime | None) -> str | None:
    """Write a moment that there may not be."""
    return None if value is None else timestamp(value)
