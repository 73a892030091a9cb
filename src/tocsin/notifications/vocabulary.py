"""The words of destinations and deliveries; contract, sections 8 and 12."""

from enum import StrEnum


class Subscription(StrEnum):
    """What a destination may ask to be told of; escalations ride on `open`."""

    OPEN = "open"
    RESOLVE = "resolve"


class DeliveryStatus(StrEnum):
    """Where a delivery stands; the first two are on the way, the others are final."""

    PENDING = "pending"
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


ON_THE_WAY = (DeliveryStatus.PENDING, DeliveryStatus.DEFERRED)


class Reason(StrEnum):
    """Why a delivery is put off, failed or is not sent."""

    # Deferred.
    QUIET_TIME = "quiet_time"  # also of what quiet time outlived, which is suppressed
    STORM = "storm"
    # Failed.
    REFUSED = "refused"
    RETRIES_EXHAUSTED = "retries_exhausted"
    # Suppressed.
    DISABLED = "disabled"
    EVENT_NOT_SUBSCRIBED = "event_not_subscribed"
    TOOL_NOT_IN_SCOPE = "tool_not_in_scope"
    SNOOZED = "snoozed"
    NEVER_TOLD = "never_told"
    ADDRESS_UNCONFIRMED = "address_unconfirmed"
    EGRESS_REFUSED = "egress_refused"
    DESTINATION_DELETED = "destination_deleted"
