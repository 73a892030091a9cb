"""`result` of a check, for each tool; contract, section 6."""

from typing import Any

import pytest

from tests.api.conftest import ClientFor, make_check
from tests.api.description import document, faults
from tests.api.golden import CHECK, differences
from tests.api.golden_results import shape_of
from tests.api.true_results import of_tool
from tocsin.probes.contract import Tool

ONE = {"$ref": "#/components/schemas/Check"}


@pytest.fixture(scope="module")
def described() -> Any:
    return document()


@pytest.mark.parametrize("tool", Tool)
def test_it_shows_what_each_tool_found(
    tool: Tool, described: Any, client_for: ClientFor, vera: Any, site: Any
) -> None:
    """As the probe made it, in the contract's fields, and as the description says."""
    client = client_for(vera)
    for result in of_tool(tool):
        check = make_check(site, type=tool.value, result=result)
        data = client.get(f"/api/v1/checks/{check.pk}").json()["data"]
        assert differences(data, CHECK) == []
        assert data["result"] == result
        assert differences(data["result"], shape_of(tool, data["result"])) == []
        assert faults(described, ONE, data) == []
    listed = client.get(f"/api/v1/sites/{site.pk}/checks?type={tool}").json()["data"]
    assert [each["result"] for each in listed] == [*reversed(of_tool(tool))]


def test_it_describes_results_by_the_type_of_their_check(described: Any) -> None:
    """What another tool found does not pass, null does, half a result does not."""
    answers = described["paths"]["/api/v1/checks/{check}"]["get"]["responses"]["200"]
    examples = answers["content"]["application/json"]["examples"]
    checks = {tool: examples[tool]["value"]["data"] for tool in map(str, Tool)}
    assert examples.keys() == checks.keys()
    for tool, check in checks.items():
        assert differences(check["result"], shape_of(tool, check["result"])) == []
        assert faults(described, ONE, {**check, "result": None}) == []
        for other in checks:
            mixed = {**check, "result": checks[other]["result"]}
            assert bool(faults(described, ONE, mixed)) == (other != tool), (tool, other)
        for field in check["result"]:
            lesser = {key: value for key, value in check["result"].items() if key != field}
            assert faults(described, ONE, {**check, "result": lesser}), (tool, field)


def test_it_describes_no_field_that_is_not_there(described: Any) -> None:
    """What the tools really make has every field that the description knows, somewhere."""
    names = {
        "status": "StatusResult",
        "ssl": "SslResult",
        "dns": "DnsResult",
        "broken-links": "LinksResult",
        "performance": "PerformanceResult",
    }
    for tool in Tool:
        known = described["components"]["schemas"][names[tool]]["properties"]
        assert known.keys() == {key for result in of_tool(tool) for key in result}
