"""Operators' commands: `tocsin admin …`. They act as the system and work while Tocsin runs."""

import typer

from tocsin.cli.admin.destinations import add_destination
from tocsin.cli.admin.drills import fire_drill
from tocsin.cli.admin.mails import outbox
from tocsin.cli.admin.oauth_clients import app as oauth_clients
from tocsin.cli.admin.sites import add_site, sites
from tocsin.cli.admin.teams import add_member, create_team, set_plan, set_team
from tocsin.cli.admin.tokens import create_token, explain_access, revoke_leaked, revoke_token
from tocsin.cli.admin.users import create_user, set_user

app = typer.Typer(
    help="Manage users, teams, sites and tokens from the command line.",
    epilog="Every command takes --data DIR, and --json for programs.",
    no_args_is_help=True,
    add_completion=False,
)
for command in (
    create_user,
    set_user,
    create_team,
    add_member,
    set_plan,
    set_team,
    create_token,
    revoke_token,
    revoke_leaked,
    explain_access,
    add_site,
    sites,
    add_destination,
    fire_drill,
    outbox,
):
    app.command()(command)
app.add_typer(oauth_clients, name="oauth-clients")
