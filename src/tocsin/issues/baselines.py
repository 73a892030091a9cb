"""Adopting the first good look-up of a site as what its records should be."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from tocsin.sites.models import Site

Records = Mapping[str, Sequence[str]]


def adopt(baselines: Mapping[UUID, Records]) -> None:
    """Keep records as the expected ones of sites that have none; at most two queries.

    A site that somebody is changing at this moment is left alone: its next check is soon enough,
    and waiting for it here while it waits for us would block both.
    """
    if not baselines:
        return
    rows = Site.objects.select_for_update(skip_locked=True, no_key=True).filter(pk__in=baselines)
    sites = [site for site in rows if not site.dns_expected_records]
    for site in sites:
        site.dns_expected_records = {
            kind: list(values) for kind, values in baselines[site.pk].items()
        }
        site.settings_revision += 1
    if sites:
        Site.objects.bulk_update(sites, ["dns_expected_records", "settings_revision"])
