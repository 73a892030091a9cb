"""Reading the broken-links tool."""

import msgspec

from tocsin.issues.rules.facts import LinksLimits, Observation
from tocsin.issues.rules.reading import SILENT, Breach, Reading
from tocsin.issues.vocabulary import Fingerprint, Severity
from tocsin.probes.contract import CheckStatus

# A crawl that ended so has not seen the site: few dead links in it are no good news.
UNSEEN = frozenset({"blocked", "start_failed"})
_FEW = Reading(clear=(Fingerprint.BROKEN_LINKS_FOUND,))


class _Crawl(msgspec.Struct):
    finish_reason: str = "completed"


class _Result(msgspec.Struct):
    found: int
    crawled: int | None = None
    crawl: _Crawl = msgspec.field(default_factory=_Crawl)


def read(seen: Observation, limits: LinksLimits) -> Reading:
    """Read how many dead links were found; a crawl that failed says nothing."""
    if seen.status is not CheckStatus.COMPLETED:
        return SILENT
    result = msgspec.convert(seen.result or {}, _Result)
    if result.found < limits.min_broken_count:
        return SILENT if result.crawl.finish_reason in UNSEEN else _FEW
    facts = {
        "found": result.found,
        "min_broken_count": limits.min_broken_count,
        "crawled": result.crawled,
    }
    summary = f"{result.found} broken link{'' if result.found == 1 else 's'} found."
    breach = Breach(Fingerprint.BROKEN_LINKS_FOUND, Severity.WARNING, summary, facts)
    return Reading((breach,))
