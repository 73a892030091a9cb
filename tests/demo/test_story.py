"""What the demo's sites carry and link to: pure, and different from site to site."""

from random import Random
from typing import Any

import pytest

from scripts.demo import links, speeds
from scripts.demo.catalogue import SITES, DemoSite, Profile
from scripts.demo.target import _page

DAY = 86_400
BY_LABEL = {site.label: site for site in SITES}


def _speed(label: str, word: str = "good", days_ago: float = 0.0) -> dict[str, Any]:
    found = speeds.measure(BY_LABEL[label], word, Random(label), days_ago * DAY)
    measured: dict[str, Any] = found["speed_metrics"]
    return measured


def _score(label: str, word: str = "good", days_ago: float = 0.0) -> int:
    score: int = _speed(label, word, days_ago)["performance_score"]
    return score


def test_sites_differ_in_score_and_metrics_in_themselves() -> None:
    scores = {_score(site.label) for site in SITES}
    assert len(scores) > 10
    metrics = _speed("search", "slow")
    every = metrics["metrics"] | metrics["core_web_vitals"]
    assert len({each["score"] for each in every.values() if each["score"] is not None}) > 3


def test_a_score_falls_another_rises_and_the_poor_ones_are_poor() -> None:
    assert _score("search", days_ago=80) > _score("search", days_ago=40) > _score("search") > 60
    assert _score("search", "slow") < 60
    assert _score("media", "slow") < 60
    assert _score("stores", days_ago=40) < _score("stores") - 10


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.label)
def test_a_metric_at_its_curves_points_scores_as_lighthouse_does(site: DemoSite) -> None:
    found = _speed(site.label)
    saved = [each["savings_ms"] for each in found["opportunities"]]
    assert saved == sorted(saved, reverse=True)
    assert 0 < found["performance_score"] <= 100
    for name, (ninety, fifty, _weight) in speeds.CURVES.items():
        assert speeds._score(name, ninety) == 0.9
        assert speeds._score(name, fifty) == 0.5


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.label)
def test_a_site_serves_the_links_that_its_latest_crawl_lists(site: DemoSite) -> None:
    """So that the first real crawl goes on where the history ends."""
    if _page(site, "/")[0].startswith("503"):
        return
    word = "found" if site.profile is Profile.BROKEN_LINKS else "good"
    result = links.crawl(site, word, 0.0)
    assert (result["found"] >= 5) is (word == "found")
    for listed in result["urls"]:
        path = listed["source"].removeprefix(site.url)
        status, body = _page(site, path)
        assert status.startswith("200")
        target = listed["url"].removeprefix(site.url)
        hrefs = {target, listed["url"]}
        assert any(f'<a href="{each}">{listed["text"]}</a>' in body.decode() for each in hrefs)
        if target.startswith("/"):
            assert _page(site, target)[0].startswith(str(listed["status"]))


def test_some_links_are_well_again_and_some_are_new() -> None:
    docs = BY_LABEL["docs"]
    before = {each.target for each in links.dead(docs, "found", 20)}
    now = {each.target for each in links.dead_now(docs)}
    assert before - now
    assert now - before
    assert len({each.cause for each in links.dead_now(docs)}) >= 5
