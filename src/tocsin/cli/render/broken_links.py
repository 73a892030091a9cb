"""The broken-links tool's section: how far the crawl came, and what it found dead or closed."""

from typing import Any

from rich.text import Text

from tocsin.cli.render.section import Section
from tocsin.cli.render.text import BAD, GOOD, QUIET, WARN, clean, counted, duration, plain

LINKS_SHOWN = 25
ENDED_EARLY = {
    "page_limit": "stopped reading at the limit of pages",
    "depth_limit": "did not read pages deeper than the limit",
    "time_limit": "stopped at the limit of time",
    "blocked": "the site does not let robots in",
    "start_failed": "the start page cannot be read",
}


def links_section(result: dict[str, Any]) -> Section:
    """Tell what was found, dead links first."""
    crawl = result["crawl"]
    section = Section(_headline(result))
    listed = result["urls"]
    for number, link in enumerate(listed[:LINKS_SHOWN]):
        style = BAD if link["confirmed"] else WARN
        cause = link["cause"].replace("_", " ")
        shown = Text(clean(link["url"])).append(f"  {cause}", style)
        section.add("" if number else "links", shown)
        section.add("", f"on {clean(link['source'])}", QUIET)
    more = len(listed) - LINKS_SHOWN + crawl["urls_omitted"]
    section.add("", f"and {more} more" if more > 0 else None, QUIET)
    section.add("but", ENDED_EARLY.get(crawl["finish_reason"]), WARN)
    robots = crawl["robots_blocked"]
    section.add("robots", f"{counted(robots, 'page')} closed by robots.txt" if robots else None)
    return section


def _headline(result: dict[str, Any]) -> Text:
    crawl, found = result["crawl"], result["found"]
    checked = counted(crawl["links_checked"], "link")
    pages = counted(result["crawled"], "page")
    took = f" in {checked} on {pages}, {duration(crawl['duration_ms'])}"
    if not result["crawled"]:
        return plain("No page was read", WARN)
    if not found:
        return Text("No dead link", style=GOOD).append(took, "default")
    return Text(counted(found, "dead link"), style=BAD).append(took, "default")
