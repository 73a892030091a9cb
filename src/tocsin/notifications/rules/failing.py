"""When a destination counts as failing."""

from datetime import timedelta

# Of nothing but failures, from the first one on.
FAILING_AFTER = timedelta(hours=24)
