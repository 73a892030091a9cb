"""What a crawl has to do: a link to look at, and the request that is its next step."""

from dataclasses import dataclass, replace
from enum import Enum, auto

from tocsin.probes.broken_links.vocabulary import FinishReason
from tocsin.probes.target import Target, parse_target


class Purpose(Enum):
    """What a request is for."""

    ROBOTS = auto()
    SITEMAP = auto()
    PAGE = auto()
    LINK = auto()


@dataclass(slots=True, eq=False)
class Link:
    """One distinct address: where it was first seen, with which words, how far from the start."""

    url: str
    source: str
    text: str
    depth: int
    is_page: bool


@dataclass(slots=True, eq=False)
class Job:
    """One request to make, on the way to a verdict on its link.

    `walked` are the addresses that led here by redirects; `look` is 2 where the link is confirmed;
    `waited` is set once the host has asked for patience; `beyond` says which limit keeps a page
    from being read.
    """

    purpose: Purpose
    link: Link
    url: str
    target: Target
    is_head: bool = False
    look: int = 1
    walked: tuple[str, ...] = ()
    cookies: tuple[str, ...] | None = None
    waited: bool = False
    beyond: FinishReason | None = None

    @property
    def is_start(self) -> bool:
        """Tell whether everything hangs on this link."""
        return self.purpose is Purpose.PAGE and self.link.depth == 0


def job_for(purpose: Purpose, link: Link) -> Job:
    """Make the first step to a link. Raises InvalidTarget."""
    return Job(purpose, link, link.url, parse_target(link.url), is_head=purpose is Purpose.LINK)


def second_look(job: Job) -> Job:
    """Begin again from the link: with GET, since some refuse HEAD, and with cookies."""
    url = job.link.url
    return replace(
        job, url=url, target=parse_target(url), is_head=False, look=2, walked=(), cookies=(),
        waited=False,
    )  # fmt: skip


def step_to(job: Job, url: str, cookies: tuple[str, ...]) -> Job:
    """Follow a redirect. Raises InvalidTarget."""
    return replace(
        job,
        url=url,
        target=parse_target(url),
        walked=(*job.walked, job.url),
        cookies=None if job.cookies is None else cookies,
    )
