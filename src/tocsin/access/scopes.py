"""What a token may be allowed to do; contract, section 1."""

from enum import StrEnum


class Scope(StrEnum):
    """Write does not imply read."""

    TEAMS_READ = "teams:read"
    TEAMS_WRITE = "teams:write"
    SITES_READ = "sites:read"
    SITES_WRITE = "sites:write"
    SITES_DELETE = "sites:delete"
    CHECKS_READ = "checks:read"
    CHECKS_RUN = "checks:run"
    CHECKS_DELETE = "checks:delete"
    ISSUES_READ = "issues:read"
    ISSUES_WRITE = "issues:write"
