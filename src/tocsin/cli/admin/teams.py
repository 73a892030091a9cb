"""`tocsin admin create-team`, `add-member`, `set-plan` and `set-team`."""

from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.database import open_database
from tocsin.cli.output import JsonOption, print_fields, print_json

if TYPE_CHECKING:
    from tocsin.teams.limits import Limits

TeamOption = Annotated[int, typer.Option("--team", help="The team's id.")]
PlanHelp = "self-hosted, starter, growth or agency."


def create_team(
    *,
    owner: Annotated[str, typer.Option(help="The owner's address.")],
    name: Annotated[str, typer.Option(help="The team's name.")],
    plan: Annotated[str | None, typer.Option(help=PlanHelp)] = None,
    as_json: JsonOption = False,
) -> None:
    """Create a team."""
    open_database()
    from tocsin.access.principal import SYSTEM  # noqa: PLC0415 - models are loaded only now
    from tocsin.accounts.queries import user_by_email  # noqa: PLC0415
    from tocsin.teams import actions  # noqa: PLC0415

    team = actions.create_team(SYSTEM, owner_id=user_by_email(owner).pk, name=name, plan=plan)
    if as_json:
        print_json({"id": team.pk, "name": team.name})
    else:
        print_fields("Created a team.", [("id", team.pk), ("name", team.name)])


def add_member(
    *,
    team: TeamOption,
    email: Annotated[str, typer.Option(help="The address of somebody with an account.")],
    role: Annotated[str, typer.Option(help="admin, member or viewer.")],
    force: Annotated[bool, typer.Option("--force", help="Pass over the plan's seats.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Add somebody to a team, or give a member another role."""
    open_database()
    from tocsin.access.principal import SYSTEM  # noqa: PLC0415 - models are loaded only now
    from tocsin.accounts.queries import user_by_email  # noqa: PLC0415
    from tocsin.teams import actions  # noqa: PLC0415

    user = user_by_email(email)
    membership = actions.add_member(SYSTEM, team, user.pk, role, force=force)
    added = {"team_id": team, "user_id": user.pk, "role": str(membership.role)}
    if as_json:
        print_json(added)
    else:
        print_fields(f"{user.name} is in the team.", added.items())


def set_plan(
    *,
    team: TeamOption,
    plan: Annotated[str, typer.Option(help=PlanHelp)],
    state: Annotated[
        str | None, typer.Option(help="active, trialing, past_due or inactive.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Put a team on a plan, and say whether that is paid."""
    open_database()
    from tocsin.access.principal import SYSTEM  # noqa: PLC0415 - models are loaded only now
    from tocsin.teams import actions  # noqa: PLC0415
    from tocsin.teams.limits import current_limits  # noqa: PLC0415

    changed = actions.set_plan(SYSTEM, team, plan=plan, state=state)
    limits = current_limits(team)
    if as_json:
        print_json(limits)
    else:
        print_fields(f"{changed.name}: {plan}, {changed.plan_state}", _rows(limits))


def set_team(
    *,
    team: TeamOption,
    require_two_factor: Annotated[
        bool | None,
        typer.Option(
            "--require-two-factor/--no-require-two-factor",
            help="Shut members without two-factor authentication out, or no longer.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Change what a team requires of its members."""
    open_database()
    from tocsin.access.principal import SYSTEM  # noqa: PLC0415 - models are loaded only now
    from tocsin.teams import actions, queries  # noqa: PLC0415

    if require_two_factor is not None:
        actions.set_two_factor_requirement(SYSTEM, team, required=require_two_factor)
    view = queries.team_of(SYSTEM, team)
    if as_json:
        print_json(view)
        return
    fields = [("id", view.id), ("requires two-factor", view.require_two_factor)]
    print_fields(view.name, [*fields, ("members", view.members_count)])


def _rows(limits: "Limits") -> list[tuple[str, str]]:
    allowances = (
        ("sites", limits.sites.used, limits.sites.limit),
        ("seats", limits.seats.used, limits.seats.limit),
        ("manual checks", limits.manual_checks.used, limits.manual_checks.limit),
    )
    counts = [
        (name, f"{used} of {'unlimited' if limit is None else limit}")
        for name, used, limit in allowances
    ]
    cadence = f"{limits.minimum_check_cadence_minutes} min"
    history = f"{limits.history_retention_days} days"
    return [*counts, ("fastest cadence", cadence), ("history", history)]
