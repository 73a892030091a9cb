"""Reads of destinations, the ledger and notices, always through a principal."""

from tocsin.notifications.queries.deliveries import (
    AttemptView,
    DeliveriesPage,
    DeliveryFilters,
    DeliveryView,
    deliveries_of_issue,
    deliveries_of_team,
)
from tocsin.notifications.queries.destinations import (
    AddressView,
    DestinationView,
    LastDelivery,
    destination,
    destinations_of_team,
)
from tocsin.notifications.queries.listeners import Listeners, listeners_among, listeners_of_team
from tocsin.notifications.queries.notices import (
    NoticesPage,
    NoticeView,
    notices_of_user,
    unread_notices,
)

__all__ = [
    "AddressView",
    "AttemptView",
    "DeliveriesPage",
    "DeliveryFilters",
    "DeliveryView",
    "DestinationView",
    "LastDelivery",
    "Listeners",
    "NoticeView",
    "NoticesPage",
    "deliveries_of_issue",
    "deliveries_of_team",
    "destination",
    "destinations_of_team",
    "listeners_among",
    "listeners_of_team",
    "notices_of_user",
    "unread_notices",
]
