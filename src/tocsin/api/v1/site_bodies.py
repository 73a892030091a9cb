"""What may be asked of sites: queries and bodies of version 1."""

from typing import Annotated, Any

from ninja import Field
from pydantic import AfterValidator, StrictBool, StrictStr, WithJsonSchema

from tocsin.api.bodies import Body, PageQuery
from tocsin.checks.site_list import SiteFilters, SiteSort
from tocsin.probes.contract import CheckStatus, Tool
from tocsin.probes.target import MAX_URL_LENGTH
from tocsin.sites.words import NAME_LENGTH, NOTES_LENGTH

MOST_AT_ONCE = 100


def _without_null(text: str) -> str:
    if "\x00" in text:
        raise ValueError("It must not contain a null character.")
    return text


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def _absent(**limits: Any) -> Any:
    """Make a field that may be left out but, if sent, has its type."""
    return Field(None, json_schema_extra=_without_default, **limits)


SearchText = Annotated[str, Field(max_length=NAME_LENGTH), AfterValidator(_without_null)]
Url = Annotated[StrictStr, Field(max_length=MAX_URL_LENGTH)]
Name = Annotated[StrictStr, Field(max_length=NAME_LENGTH)]
Notes = Annotated[StrictStr, Field(max_length=NOTES_LENGTH)]
# Who judges these two is the domain; the description of the API has their schemas.
Overrides = Annotated[dict[str, Any], WithJsonSchema({"x-schema": "SiteSettingsPatch"})]
Records = Annotated[dict[str, Any], WithJsonSchema({"x-schema": "ExpectedRecords"})]


class SiteQuery(PageQuery):
    """Which sites of a team, and in which order."""

    search: SearchText | None = Field(None, description="A part of name or URL.")
    pinned: bool | None = Field(None, description="Pinned, or not.")
    tool: Tool | None = Field(None, description="Enabled on the site.")
    status: CheckStatus | None = Field(None, description="Of the latest check of some tool.")
    sort: SiteSort = Field(
        SiteSort.PINNED, description="In which order; `pinned`: newest pin first, then newest site."
    )

    def filters(self) -> SiteFilters:
        """Return what to ask the list for."""
        return SiteFilters(
            search=self.search,
            pinned=self.pinned,
            tool=self.tool,
            status=self.status,
            sort=self.sort,
        )


class NewSite(Body):
    """A site to watch; its name defaults to the domain."""

    url: Url
    name: Name | None = None
    notes: Notes | None = None
    js_rendered: StrictBool = False
    monitoring_settings: Overrides | None = None
    dns_expected_records: Records | None = None


class BulkSite(Body):
    """One site of many."""

    url: Url
    name: Name | None = None


class BulkSites(Body):
    """Sites to watch."""

    sites: list[BulkSite] = Field(min_length=1, max_length=MOST_AT_ONCE)


class SiteChange(Body):
    """What to change of a site; what is absent stays.

    `monitoring_settings` is a JSON merge patch (RFC 7396) on what the site overrides.
    """

    url: Url = _absent()
    name: Name = _absent()
    notes: Notes | None = _absent()
    pinned: StrictBool = _absent()
    js_rendered: StrictBool = _absent()
    monitoring_settings: Overrides | None = _absent()
    dns_expected_records: Records | None = _absent()

    def sent(self) -> dict[str, Any]:
        """Return only what was sent."""
        return self.model_dump(exclude_unset=True)
