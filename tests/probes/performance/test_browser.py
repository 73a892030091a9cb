"""What a page can do in the browser: nothing that concerns Tocsin."""

import asyncio
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.probes.performance.conftest import Studio
from tests.probes.performance.pages import page, serve
from tests.probes.servers.http import response
from tocsin.probes.performance import processes

# Tries everything that a page may, and writes down what came of it.
THIEF = """<h1>Hi</h1><pre id="loot"></pre><script>
const attempts = %s;
const loot = {};
async function attempt(name, address) {
  try {
    const answer = await fetch(address, { mode: 'no-cors', signal: AbortSignal.timeout(2000) });
    loot[name] = answer.type + ' ' + await answer.text();
  } catch (error) {
    loot[name] = 'refused';
  }
}
Promise.all(Object.entries(attempts).map(([name, address]) => attempt(name, address)))
  .then(() => { document.getElementById('loot').textContent = JSON.stringify(loot); });
</script>"""


def loot_of(html: str) -> dict[str, Any]:
    found = re.search(r'<pre id="loot">(.*?)</pre>', html, re.DOTALL)
    assert found, html
    loot: dict[str, Any] = json.loads(found[1].replace("&amp;", "&"))
    return loot


def test_it_reaches_no_refused_address_and_no_file(studio: Studio, tmp_path: Path) -> None:
    secret = tmp_path / "secret_key"
    secret.write_text("s3cret")

    async def run() -> tuple[str, list[str]]:
        async with serve({"/": page("open", "")}) as (_, base):
            attempts = {
                "private": "http://10.255.255.1/",
                "metadata": "http://169.254.169.254/latest/meta-data/",
                "port": base.rpartition(":")[0] + ":22/",
                "file": secret.as_uri(),
                "environment": "file:///proc/self/environ",
                "name": "http://metadata.google.internal/",
            }
            thief = page(THIEF % json.dumps(attempts))
            async with serve({"/": thief}) as (_, own):
                html = await studio.render(f"{own}/", own)
                refused = studio.browser.refusals
        return html, [refusal.address for refusal in refused]

    html, refused = studio.run(run())
    loot = loot_of(html)
    # The proxy's own words are all that comes back, and a page may not read them.
    readable = {name: said for name, said in loot.items() if said not in {"refused", "opaque "}}
    assert readable == {}
    assert {"10.255.255.1", "169.254.169.254"} <= set(refused)


def test_it_knows_nothing_of_our_environment(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOCSIN_SECRET_KEY", "s3cret-key")

    async def run() -> list[bytes]:
        # Another one, started now.
        await studio.browser.close()
        async with serve({"/": page("hello")}) as (_, base):
            await studio.render(f"{base}/", base)
        return [environment_of(child) for child in children_of(studio.browser.pid)]

    environments = studio.run(run())
    assert len(environments) >= 3
    assert not [each for each in environments if b"s3cret-key" in each or b"TOCSIN_" in each]


def test_it_ends_with_all_that_it_started(studio: Studio) -> None:
    async def run() -> Path:
        async with serve({"/": page("hello")}) as (_, base):
            await studio.render(f"{base}/", base)
        group, directory = studio.browser.pid, studio.browser._directory
        assert len(children_of(group)) >= 4
        assert processes.memory_of_group(group) > 100_000_000
        await studio.browser.close()
        async with asyncio.timeout(5):
            # A killed process takes a moment to be gone, and there is no event to wait for.
            while any(state_of(each) != "Z" for each in children_of(group)):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        return directory

    assert not studio.run(run()).exists()


def state_of(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def children_of(group: int) -> list[int]:
    """Return the processes of a group."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getpgid(int(entry.name)) == group:
                    found.append(int(entry.name))
            except ProcessLookupError:
                continue
    return found


def environment_of(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/environ").read_bytes()
    except OSError:
        return b""


def test_it_sends_the_teams_header_to_the_sites_own_origin_only(studio: Studio) -> None:
    picture = response(200, b"GIF89a", Content_Type="image/gif")

    async def run() -> tuple[list[str], list[str]]:
        async with serve({"/other.gif": picture}) as (foreign, elsewhere):
            own = page(f'<h1>Hi</h1><img src="/own.gif"><img src="{elsewhere}/other.gif">')
            async with serve({"/": own, "/own.gif": picture}) as (site, base):
                await studio.render(f"{base}/", base, X_Key="s3cret")
            return site.heads, foreign.heads

    site, foreign = studio.run(run())
    pages = [head for head in site if head.startswith(("GET / ", "GET /own.gif "))]
    assert len(pages) == 2
    assert all("X-Key: s3cret" in head for head in pages)
    assert foreign
    assert not any("s3cret" in head for head in foreign)


def test_it_writes_down_a_page_that_never_finishes_and_opens_dialogs(studio: Studio) -> None:
    async def never(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n")
        await writer.drain()
        await asyncio.Event().wait()

    talkative = page('<img src="/never.png"><script>alert(1); document.write("<p>after")</script>')

    async def run() -> str:
        async with serve({"/": talkative, "/never.png": never}) as (_, base):
            return await studio.render(f"{base}/", base)

    assert "<p>after" in studio.run(run())
