"""What a role may do, and which scope that needs through a token; contract, section 1."""

from enum import StrEnum

from tocsin.access.roles import Role
from tocsin.access.scopes import Scope


class Permission(StrEnum):
    """One thing that somebody may do in a team."""

    VIEW_TEAM = "viewTeam"
    VIEW_MONITORING = "viewMonitoring"
    UPDATE_MONITORING = "updateMonitoring"
    VIEW_SITES = "viewSites"
    VIEW_REPORTS = "viewReports"
    CREATE_SITE = "createSite"
    UPDATE_SITE = "updateSite"
    DELETE_SITE = "deleteSite"
    VIEW_CHECKS = "viewChecks"
    RUN_CHECK = "runCheck"
    DELETE_CHECK = "deleteCheck"
    VIEW_ISSUES = "viewIssues"
    TRIAGE_ISSUES = "triageIssues"
    DELETE_ISSUE = "deleteIssue"
    MANAGE_DESTINATIONS = "manageDestinations"
    MANAGE_MEMBERS = "manageMembers"
    MANAGE_TEAM = "manageTeam"
    MANAGE_SECURITY = "manageSecurity"
    VIEW_AUDIT = "viewAudit"
    MANAGE_BILLING = "manageBilling"
    DELETE_TEAM = "deleteTeam"
    TRANSFER_OWNERSHIP = "transferOwnership"


# None: no token can carry it, only a person in a browser session has it.
SCOPE_OF_PERMISSION: dict[Permission, Scope | None] = {
    Permission.VIEW_TEAM: Scope.TEAMS_READ,
    Permission.VIEW_MONITORING: Scope.TEAMS_READ,
    Permission.UPDATE_MONITORING: Scope.TEAMS_WRITE,
    Permission.VIEW_SITES: Scope.SITES_READ,
    Permission.VIEW_REPORTS: Scope.SITES_READ,
    Permission.CREATE_SITE: Scope.SITES_WRITE,
    Permission.UPDATE_SITE: Scope.SITES_WRITE,
    Permission.DELETE_SITE: Scope.SITES_DELETE,
    Permission.VIEW_CHECKS: Scope.CHECKS_READ,
    Permission.RUN_CHECK: Scope.CHECKS_RUN,
    Permission.DELETE_CHECK: Scope.CHECKS_DELETE,
    Permission.VIEW_ISSUES: Scope.ISSUES_READ,
    Permission.TRIAGE_ISSUES: Scope.ISSUES_WRITE,
    Permission.DELETE_ISSUE: None,
    Permission.MANAGE_DESTINATIONS: None,
    Permission.MANAGE_MEMBERS: None,
    Permission.MANAGE_TEAM: None,
    Permission.MANAGE_SECURITY: None,
    Permission.VIEW_AUDIT: None,
    Permission.MANAGE_BILLING: None,
    Permission.DELETE_TEAM: None,
    Permission.TRANSFER_OWNERSHIP: None,
}

_VIEWER = frozenset(
    {
        Permission.VIEW_TEAM,
        Permission.VIEW_MONITORING,
        Permission.VIEW_SITES,
        Permission.VIEW_REPORTS,
        Permission.VIEW_CHECKS,
        Permission.VIEW_ISSUES,
    }
)
_MEMBER = _VIEWER | {
    Permission.CREATE_SITE,
    Permission.UPDATE_SITE,
    Permission.RUN_CHECK,
    Permission.TRIAGE_ISSUES,
}
_OWNER_ONLY = frozenset(
    {Permission.MANAGE_BILLING, Permission.DELETE_TEAM, Permission.TRANSFER_OWNERSHIP}
)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: _VIEWER,
    Role.MEMBER: _MEMBER,
    Role.ADMIN: frozenset(Permission) - _OWNER_ONLY,
    Role.OWNER: frozenset(Permission),
}

# Open whatever the state of the plan: seeing the team, and the ways out of an unpaid plan.
PLAN_FREE = _OWNER_ONLY | {Permission.VIEW_TEAM}

# What a browser session may still look at while the plan is inactive: the dashboard is read-only.
READING = _VIEWER | {Permission.VIEW_AUDIT}
