"""The site that is crawled: what belongs to it, what is ignored, which headers it is sent."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from tocsin.probes.broken_links.globs import matches
from tocsin.probes.contract import LinksSettings
from tocsin.probes.target import DEFAULT_PORTS, Target, parse_target

_WWW = "www."
# A host and its port; the two default ports are one site.
Place = tuple[str, int]


class Site:
    """One site and its settings. `url` is canonical; raises InvalidTarget."""

    def __init__(
        self, url: str, settings: LinksSettings, headers: Sequence[tuple[str, str]] = ()
    ) -> None:
        self.url = url
        self.settings = settings
        self._start = parse_target(url)
        self._places = {_place(self._start)}
        # “Name;” is libcurl's way to send a header without a value.
        self._headers = tuple(
            f"{name}: {value}" if value.strip() else f"{name};" for name, value in headers
        )

    def owns(self, target: Target) -> bool:
        """Tell whether a target is on the site's own host."""
        return _place(target) in self._places

    def adopt(self, target: Target) -> bool:
        """Take the host that the start redirects to as the site's own: the same but for `www.`."""
        ours, theirs = _place(self._start), _place(target)
        if _bare(ours) != _bare(theirs):
            return False
        self._places.add(theirs)
        return True

    def headers_for(self, target: Target) -> tuple[str, ...]:
        """Return the headers that go to a target: the stored one only to the site's very host.

        What may be a secret does not go in clear where it was meant to be encrypted.
        """
        start = self._start
        same = _place(target) == _place(start) and target.scheme in {start.scheme, "https"}
        return self._headers if same else ()

    def ignores(self, url: str, target: Target) -> bool:
        """Tell whether the settings leave a link out.

        A pattern is held against the path, the path with its query, and the whole URL.
        """
        if self.settings.ignore_external_links and not self.owns(target):
            return True
        patterns = self.settings.ignore_paths
        if not patterns:
            return False
        parts = urlsplit(url)
        path = parts.path or "/"
        texts = (path, f"{path}?{parts.query}", url)
        return any(matches(pattern, text) for pattern in patterns for text in texts)


def _place(target: Target) -> Place:
    return target.host, 0 if target.port in DEFAULT_PORTS.values() else target.port


def _bare(place: Place) -> Place:
    return place[0].removeprefix(_WWW), place[1]
