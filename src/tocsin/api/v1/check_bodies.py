"""What may be asked of checks, slots and reports: queries and bodies of version 1."""

import re
from typing import Annotated, Any

from ninja import Field
from pydantic import AfterValidator, StrictBool, StrictStr

from tocsin.api.bodies import Body, PageQuery
from tocsin.checks.history import CheckFilters
from tocsin.checks.periods import Period, read_period
from tocsin.checks.report_queries import MOST_DAYS, PERFORMANCE_DAYS, UPTIME_DAYS
from tocsin.probes.contract import CheckStatus, RunReason, Tool
from tocsin.probes.target import MAX_URL_LENGTH

# A plus sign that nobody encoded comes as a space.
_UNENCODED_OFFSET = re.compile(r"(T.*) (\d\d:?\d\d)$")
_TOOLS: dict[str, Any] = {"items": {"type": "string", "enum": [tool.value for tool in Tool]}}


def _with_plus(text: str) -> str:
    return _UNENCODED_OFFSET.sub(r"\1+\2", text)


def _must_be_false(value: bool) -> bool:  # noqa: FBT001 — a validator's signature
    if value:
        raise ValueError("Only the schedule makes automatic checks.")
    return value


Moment = Annotated[str, Field(max_length=64), AfterValidator(_with_plus)]


def _moment(name: str) -> Any:
    return Field(None, alias=name, description="A UTC date or a timestamp, included.")


class CheckQuery(PageQuery):
    """Which checks of a site."""

    type: Tool | None = Field(None, description="Of which tool.")
    status: CheckStatus | None = Field(None, description="How far they have come.")
    automatic: bool | None = Field(None, description="On schedule, or asked for.")
    run_reason: RunReason | None = Field(None, description="Why an automatic check ran.")
    first: Moment | None = _moment("from")
    last: Moment | None = _moment("to")

    def filters(self) -> CheckFilters:
        """Return what to ask the history for. Raises InvalidInput."""
        period = read_period(self.first, self.last)
        return CheckFilters(self.type, self.status, self.automatic, self.run_reason, period)


class SlotQuery(Body):
    """Which slots of a site."""

    tool: Tool = Field(description="Of which tool.")
    first: Moment | None = _moment("from")
    last: Moment | None = _moment("to")

    def period(self) -> Period:
        """Return the range. Raises InvalidInput."""
        return read_period(self.first, self.last)


class UptimeQuery(Body):
    """How far back an uptime report goes."""

    days: int = Field(UPTIME_DAYS, ge=1, le=MOST_DAYS, description="How many days, today included.")


class PerformanceQuery(Body):
    """How far back a performance report goes."""

    days: int = Field(
        PERFORMANCE_DAYS, ge=1, le=MOST_DAYS, description="How many days, today included."
    )


class NewChecks(Body):
    """Which tools to run once, by default all that are enabled on the site.

    `url` is a page on the site's own host, for performance only.
    """

    tools: list[StrictStr] | None = Field(None, max_length=100, json_schema_extra=_TOOLS)
    url: Annotated[StrictStr, Field(max_length=MAX_URL_LENGTH)] | None = None
    automatic: Annotated[StrictBool, AfterValidator(_must_be_false)] = False


ALL_TOOLS = NewChecks(tools=None)
