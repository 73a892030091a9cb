"""Pages whose links only scripts make, crawled through the real browser."""

import asyncio

import pytest

from tests.probes.broken_links.crawling import causes, crawl, facts
from tests.probes.broken_links.web import Web, page
from tests.probes.tls_server import serving
from tocsin.probes.broken_links import rendering
from tocsin.probes.contract import LinksSettings, ProbeResult
from tocsin.probes.performance.installation import Missing

RENDERED = LinksSettings(js_rendered=True)
START = """<!doctype html><body><script>
for (const path of ['/made-by-script', '/dead']) {
  const link = document.createElement('a');
  link.href = path;
  document.body.append(link);
}
alert('Hello');
</script></body>"""


def site() -> Web:
    return Web({
        "/": page(START),
        "/made-by-script": page(
            "<script>document.write('<a href=/dead-' + 'deeper>x</a>')</script>"
        ),
    })  # fmt: skip


def crawled(web: Web) -> tuple[ProbeResult, str]:
    async def run() -> tuple[ProbeResult, str]:
        async with serving(web) as port:
            url = f"http://127.0.0.1:{port}"
            headers = (("X-Key", "s3cret"),)
            return await crawl(url, settings=RENDERED, headers=headers, max_seconds=60), url

    return asyncio.run(run())


def test_it_finds_the_links_that_scripts_make() -> None:
    web = site()
    result, url = crawled(web)
    assert facts(result)["crawl"]["js_rendered"] is True
    assert causes(result) == {f"{url}/dead": "not_found", f"{url}/dead-deeper": "not_found"}
    assert facts(result)["crawled"] == 2
    by_browser = [asked for asked in web.asked if "Chrome" in asked.headers.get("user-agent", "")]
    assert {"/", "/made-by-script"} <= {asked.path for asked in by_browser}
    for asked in by_browser:
        assert "TocsinBot/1.0 (+https://tocsin.example)" in asked.headers["user-agent"]
        assert asked.headers["x-key"] == "s3cret"
    # The links themselves are looked at without a browser.
    assert "/dead" not in {asked.path for asked in by_browser}


def test_it_reads_what_http_brings_where_there_is_no_browser(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rendering, "find_installation", lambda _: Missing(("Chromium",), ""))
    result, _ = crawled(site())
    assert facts(result)["crawl"]["js_rendered"] is False
    assert facts(result)["found"] == 0
    assert facts(result)["crawled"] == 1
