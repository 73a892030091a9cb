"""Destinations, what is owed to them, and what people see in the dashboard itself."""

from tocsin.notifications.models.destinations import ConfirmedAddress, Destination
from tocsin.notifications.models.ledger import Delivery, DeliveryAttempt
from tocsin.notifications.models.notices import InAppNotice
from tocsin.notifications.models.occurrences import Escalation, Occurrence

__all__ = [
    "ConfirmedAddress",
    "Delivery",
    "DeliveryAttempt",
    "Destination",
    "Escalation",
    "InAppNotice",
    "Occurrence",
]
