"""`tocsin admin add-site` and `sites`."""

from typing import Annotated

import typer

from tocsin.cli.database import open_database
from tocsin.cli.output import JsonOption, print_fields, print_json, print_table


def add_site(
    *,
    team: Annotated[int, typer.Option(help="The team's id.")],
    url: Annotated[str, typer.Option(help="The address to watch.")],
    name: Annotated[str | None, typer.Option(help="Default: the domain.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Pass over the plan's sites.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Watch another site."""
    open_database()
    from tocsin.access.principal import SYSTEM  # noqa: PLC0415 - models are loaded only now
    from tocsin.sites import actions  # noqa: PLC0415
    from tocsin.teams.queries import get_team  # noqa: PLC0415

    site = actions.create_site(SYSTEM, get_team(team), url=url, name=name, force=force)
    added = {"uuid": str(site.pk), "url": site.url}
    if as_json:
        print_json(added)
    else:
        print_fields(f"Watching {site.name}.", added.items())


def sites(
    *,
    team: Annotated[int | None, typer.Option(help="Only this team's. Default: all.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List the sites and how each tool last went."""
    open_database()
    from tocsin.access.principal import SYSTEM  # noqa: PLC0415 - models are loaded only now
    from tocsin.checks.queries import site_states  # noqa: PLC0415
    from tocsin.teams.queries import get_team  # noqa: PLC0415

    if team is not None:
        get_team(team)
    found = site_states(SYSTEM, team_id=team)
    if as_json:
        print_json(
            [
                {
                    "uuid": str(site.uuid),
                    "name": site.name,
                    "url": site.url,
                    "team_id": site.team_id,
                    "tools": site.tools,
                }
                for site in found
            ]
        )
        return
    rows = [
        (site.team_id, site.name, site.url, tool, state.outcome or state.status, state.summary)
        for site in found
        for tool, state in site.tools.items()
    ]
    print_table(("team", "name", "url", "tool", "state", "what was seen"), rows)
