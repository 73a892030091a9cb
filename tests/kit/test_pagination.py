"""Pages of a list."""

from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from tocsin.kit.pagination import PageOf, PageRequest

PATH = "https://tocsin.example/api/v1/teams/1/sites"


def test_it_describes_a_page_in_the_middle() -> None:
    """As the contract names the fields."""
    page = PageOf(PageRequest(page=2, per_page=10), count=10, total=25)
    assert page.meta(PATH) == {
        "current_page": 2,
        "from": 11,
        "last_page": 3,
        "path": PATH,
        "per_page": 10,
        "to": 20,
        "total": 25,
    }
    assert page.links(PATH, {"search": "a b", "page": "2"}) == {
        "first": f"{PATH}?search=a+b&page=1",
        "last": f"{PATH}?search=a+b&page=3",
        "prev": f"{PATH}?search=a+b&page=1",
        "next": f"{PATH}?search=a+b&page=3",
    }


def test_it_describes_a_page_past_the_end() -> None:
    """Empty, and the way back leads to the last page that has something."""
    page = PageOf(PageRequest(page=9, per_page=10), count=0, total=25)
    assert (page.meta(PATH)["from"], page.meta(PATH)["to"]) == (None, None)
    links = page.links(PATH, {})
    assert links["next"] is None
    assert links["prev"] == f"{PATH}?page=3"


def test_it_describes_an_empty_list() -> None:
    """One page with nothing on it."""
    page = PageOf(PageRequest(), count=0, total=0)
    assert page.meta(PATH)["last_page"] == 1
    assert page.links(PATH, {})["prev"] is None


@given(st.integers(0, 500), st.integers(1, 100))
def test_it_leads_through_every_item_once(total: int, per_page: int) -> None:
    """Following `next` from the first page sees all of them in order."""
    seen: list[int] = []
    number: int | None = 1
    while number is not None:
        request = PageRequest(number, per_page)
        items = list(range(total))[request.offset : request.offset + per_page]
        page = PageOf(request, len(items), total)
        seen += items
        following = page.links(PATH, {})["next"]
        number = None
        if following is not None:
            number = int(parse_qs(urlsplit(following).query)["page"][0])
    assert seen == list(range(total))
