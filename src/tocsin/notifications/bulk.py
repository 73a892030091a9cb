"""Writes of many rows at once, the same on SQLite and PostgreSQL; see `checks.bulk`."""

# What was recorded already stays: of two notifiers, one may come late.
SETTLE_DELIVERY = """
UPDATE notifications_delivery
SET status = %s, reason = %s, next_attempt_at = %s, tries = %s, delivered_at = %s,
    leased_until = NULL
WHERE uuid = %s AND status = 'pending'
"""

SETTLE_MEMBERS = """
UPDATE notifications_delivery
SET status = %s, reason = %s, delivered_at = %s
WHERE folded_into_id = %s AND status = 'deferred'
"""

NOTE_SUCCESS = """
UPDATE notifications_destination
SET failing_since = NULL, marked_failing_at = NULL, last_success_at = %s
WHERE id = %s
"""

NOTE_FAILURE = """
UPDATE notifications_destination SET failing_since = %s WHERE id = %s AND failing_since IS NULL
"""
