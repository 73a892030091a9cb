"""The page that a manual performance run may name instead of the site's own."""

from collections.abc import Collection

from django.utils.translation import gettext

from tocsin.kit.errors import invalid
from tocsin.probes.contract import Tool
from tocsin.sites.egress import judge_when_saved
from tocsin.sites.models import Site
from tocsin.sites.urls import canonical_url, domain_of


def page_to_measure(site: Site, tools: Collection[Tool], url: str) -> str:
    """Return a page's canonical address. Raises InvalidInput on `url`."""
    if Tool.PERFORMANCE not in tools:
        raise invalid("url", gettext("Only a performance check takes a page."))
    page = canonical_url(url)
    if domain_of(page) != site.domain:
        raise invalid("url", gettext("It must be a page on %(host)s.") % {"host": site.domain})
    judge_when_saved(page)
    return page
