"""The one decision behind every door."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.access.explain import explain
from tocsin.access.failures import EXPIRED
from tocsin.access.gates import Gate, Standing, Verdict, judge
from tocsin.access.permissions import ROLE_PERMISSIONS, SCOPE_OF_PERMISSION, Permission
from tocsin.access.principal import SYSTEM, Principal, PrincipalKind
from tocsin.access.roles import Role
from tocsin.access.scopes import PRESETS, Scope

ALL_SCOPES = frozenset(Scope)
TOKENS = (PrincipalKind.PERSONAL_TOKEN, PrincipalKind.MCP_TOKEN, PrincipalKind.OAUTH_GRANT)

# The table of the contract, typed again by hand: one line a permission.
TABLE = """
viewTeam viewMonitoring                                    owner admin member viewer teams:read
updateMonitoring                                           owner admin               teams:write
viewSites viewReports                                      owner admin member viewer sites:read
createSite updateSite                                      owner admin member        sites:write
deleteSite                                                 owner admin               sites:delete
viewChecks                                                 owner admin member viewer checks:read
runCheck                                                   owner admin member        checks:run
deleteCheck                                                owner admin               checks:delete
viewIssues                                                 owner admin member viewer issues:read
triageIssues                                               owner admin member        issues:write
deleteIssue manageDestinations manageMembers manageTeam    owner admin               -
manageSecurity viewAudit                                   owner admin               -
manageBilling deleteTeam transferOwnership                 owner                     -
"""


def _rows() -> list[tuple[Permission, Role, bool, Scope | None]]:
    rows = []
    for line in TABLE.strip().splitlines():
        words = line.split()
        roles = {Role(word) for word in words if word in set(Role)}
        scope = None if words[-1] == "-" else Scope(words[-1])
        names = [word for word in words[:-1] if word not in set(Role)]
        rows += [(Permission(name), role, role in roles, scope) for name in names for role in Role]
    return rows


def principals(
    kinds: tuple[PrincipalKind, ...] = (*TOKENS, PrincipalKind.SESSION),
) -> st.SearchStrategy[Principal]:
    def build(kind: PrincipalKind, scopes: frozenset[Scope], *flags: bool) -> Principal:
        carried = None if kind is PrincipalKind.SESSION else scopes
        return Principal(kind, 1, carried, 2, *flags)

    return st.builds(
        build,
        st.sampled_from(kinds),
        st.frozensets(st.sampled_from(Scope)),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    )


standings = st.builds(Standing, st.just(7), st.sampled_from(Role), st.booleans(), st.booleans())
permissions = st.sampled_from(Permission)


def token(*scopes: Scope) -> Principal:
    return Principal(PrincipalKind.PERSONAL_TOKEN, 1, frozenset(scopes), 2)


def standing(role: Role = Role.OWNER) -> Standing:
    return Standing(7, role, requires_two_factor=False, plan_active=True)


def test_it_knows_every_permission_of_the_table() -> None:
    """Nothing is missing and nothing is there besides."""
    assert {row[0] for row in _rows()} == set(Permission)


@pytest.mark.parametrize(("permission", "role", "allowed", "scope"), _rows())
def test_it_follows_the_table(
    permission: Permission, role: Role, allowed: bool, scope: Scope | None
) -> None:
    """For sessions the role decides; for tokens the role and the scope."""
    session = Principal(PrincipalKind.SESSION, 1)
    assert judge(session, permission=permission, standing=standing(role)).allowed is allowed
    assert SCOPE_OF_PERMISSION[permission] == scope
    everything = judge(token(*Scope), permission=permission, standing=standing(role))
    assert everything.allowed is (allowed and scope is not None)
    others = token(*(each for each in Scope if each != scope))
    assert not judge(others, permission=permission, standing=standing(role)).allowed


@given(principals(), permissions, standings)
def test_it_never_lets_scopes_widen_a_role(
    principal: Principal, permission: Permission, where: Standing
) -> None:
    """What the role lacks, no credential gives."""
    if judge(principal, permission=permission, standing=where).allowed:
        assert permission in ROLE_PERMISSIONS[where.role]


@given(principals(TOKENS), permissions, standings)
def test_it_never_lets_a_role_widen_scopes(
    principal: Principal, permission: Permission, where: Standing
) -> None:
    """What the token lacks, no role gives."""
    if judge(principal, permission=permission, standing=where).allowed:
        assert SCOPE_OF_PERMISSION[permission] in (principal.scopes or ())


@given(principals(TOKENS), permissions, standings, st.sampled_from(Scope))
def test_it_never_takes_anything_away_for_a_scope_more(
    principal: Principal, permission: Permission, where: Standing, more: Scope
) -> None:
    """Adding a scope keeps what was allowed."""
    wider = dataclasses.replace(principal, scopes=(principal.scopes or frozenset()) | {more})
    before = judge(principal, permission=permission, standing=where)
    after = judge(wider, permission=permission, standing=where)
    assert after.allowed or not before.allowed


@given(principals(), permissions, st.none() | standings)
def test_it_explains_what_it_decides(
    principal: Principal, permission: Permission, where: Standing | None
) -> None:
    """The explanation is the verdict."""
    verdict = judge(principal, permission=permission, standing=where)
    told = explain(principal, permission, where)
    assert (told.allowed, told.gate) == (verdict.allowed, verdict.gate)
    assert told.reason


def test_it_explains_a_credential_that_does_not_count() -> None:
    """The first gate."""
    told = explain(EXPIRED, Permission.VIEW_TEAM, standing())
    assert (told.allowed, told.gate, told.reason) == (False, 1, "The token has expired.")


def test_it_asks_the_gates_in_order() -> None:
    """Mend one thing after the other: the next gate speaks each time."""
    bad = Principal(
        PrincipalKind.PERSONAL_TOKEN, 1, frozenset(), 2, active=False, email_verified=False
    )
    where = Standing(7, Role.VIEWER, requires_two_factor=True, plan_active=False)
    active = dataclasses.replace(bad, active=True)
    verified = dataclasses.replace(active, email_verified=True)
    scoped = dataclasses.replace(verified, scopes=ALL_SCOPES)
    strong = dataclasses.replace(scoped, has_two_factor=True)
    paid = dataclasses.replace(where, plan_active=True)
    member = dataclasses.replace(paid, role=Role.MEMBER)
    steps = [
        (bad, where, Gate.CREDENTIAL, 401, "invalid_token"),
        (active, where, Gate.EMAIL, 403, "email_unverified"),
        (verified, where, Gate.SCOPE, 403, "insufficient_scope"),
        (scoped, None, Gate.MEMBERSHIP, 404, "not_found"),
        (scoped, where, Gate.TWO_FACTOR, 403, "two_factor_required"),
        (strong, where, Gate.PLAN, 402, "plan_inactive"),
        (strong, paid, Gate.ROLE, 403, "permission_denied"),
        (strong, member, None, 200, ""),
    ]
    for principal, at, gate, status, code in steps:
        verdict = judge(principal, permission=Permission.CREATE_SITE, standing=at)
        assert (verdict.gate, verdict.status, verdict.code) == (gate, status, code)


def test_it_names_what_is_lacking() -> None:
    """A caller can ask for the right thing next."""
    verdict = judge(token(), permission=Permission.CREATE_SITE, standing=standing())
    assert verdict.required_scope is Scope.SITES_WRITE
    verdict = judge(
        token(*Scope), permission=Permission.CREATE_SITE, standing=standing(Role.VIEWER)
    )
    assert verdict.required_permission is Permission.CREATE_SITE


def test_it_keeps_browser_sessions_for_what_no_token_may() -> None:
    """Refused at the scope gate, whatever the token carries."""
    verdict = judge(token(*Scope), permission=Permission.MANAGE_TEAM, standing=standing())
    assert (verdict.gate, verdict.required_scope) == (Gate.SCOPE, None)


def test_it_lets_sessions_look_and_owners_pay_while_the_plan_is_inactive() -> None:
    """The dashboard is read-only then; programs are refused."""
    unpaid = Standing(7, Role.OWNER, requires_two_factor=False, plan_active=False)
    session = Principal(PrincipalKind.SESSION, 1)

    def gate(principal: Principal, permission: Permission) -> Gate | None:
        return judge(principal, permission=permission, standing=unpaid).gate

    assert gate(session, Permission.VIEW_SITES) is None
    assert gate(session, Permission.MANAGE_BILLING) is None
    assert gate(session, Permission.CREATE_SITE) is Gate.PLAN
    assert gate(token(*Scope), Permission.VIEW_SITES) is Gate.PLAN
    assert gate(token(*Scope), Permission.VIEW_TEAM) is None


def test_it_lets_the_system_do_everything() -> None:
    """Roles of the runtime and operators' commands act as the system."""
    assert judge(SYSTEM, permission=Permission.DELETE_TEAM).allowed


def test_it_judges_what_belongs_to_no_team_by_the_credential_alone() -> None:
    """Gates 1 to 3."""
    assert judge(token(Scope.TEAMS_READ), scope=Scope.TEAMS_READ).allowed
    assert judge(token(Scope.SITES_READ), scope=Scope.TEAMS_READ).gate is Gate.SCOPE
    assert judge(token()).allowed
    assert isinstance(judge(token()), Verdict)


def test_it_offers_the_recommended_sets() -> None:
    """Four presets, as the contract names them."""
    reads = {Scope.TEAMS_READ, Scope.SITES_READ, Scope.CHECKS_READ, Scope.ISSUES_READ}
    assert {preset.label: set(preset.scopes) for preset in PRESETS} == {
        "Read-only monitoring": reads,
        "Configure team monitoring": {Scope.TEAMS_READ, Scope.TEAMS_WRITE},
        "Deploy / provision sites": {*reads, Scope.SITES_WRITE},
        "CI check runner": {
            Scope.TEAMS_READ,
            Scope.SITES_READ,
            Scope.CHECKS_READ,
            Scope.CHECKS_RUN,
        },
    }
