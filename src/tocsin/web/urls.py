"""The dashboard's addresses. Each view declares its door, see `doors`."""

from django.urls import URLPattern, URLResolver, include, path

from tocsin.web.views import account, audit, invitations, members, sites, team, tokens

_team: list[URLPattern | URLResolver] = [
    path("", team.team, name="team"),
    path("sites", sites.team_sites, name="team_sites"),
    path("sites/live", sites.live, name="team_sites_live"),
    path("sites/new", sites.create, name="site_create"),
    path("name", team.rename, name="team_rename"),
    path("two-factor", team.require_two_factor, name="team_require_two_factor"),
    path("transfer", team.transfer, name="team_transfer"),
    path("delete", team.delete, name="team_delete"),
    path("leave", members.leave, name="team_leave"),
    path("members/<int:user_id>/role", members.change_role, name="member_role"),
    path("members/<int:user_id>/remove", members.remove, name="member_remove"),
    path("invitations", members.invite, name="team_invite"),
    path(
        "invitations/<int:invitation_id>/resend",
        members.resend_invitation,
        name="invitation_resend",
    ),
    path(
        "invitations/<int:invitation_id>/revoke",
        members.revoke_invitation,
        name="invitation_revoke",
    ),
    path("audit", audit.audit, name="team_audit"),
]

_settings: list[URLPattern | URLResolver] = [
    path("profile", account.profile, name="profile"),
    path("profile/photo", account.change_photo, name="change_photo"),
    path("profile/photo.webp", account.photo, name="photo"),
    path("account/delete", account.delete_account, name="account_delete"),
    path("tokens", tokens.listing(tokens.API), name="api_tokens"),
    path("tokens/revoke-all", tokens.revoke_all, name="tokens_revoke_all"),
    path("tokens/<int:token_id>/revoke", tokens.revoking(tokens.API), name="api_token_revoke"),
    path("mcp", tokens.listing(tokens.MCP), name="mcp_tokens"),
    path("mcp/<int:token_id>/revoke", tokens.revoking(tokens.MCP), name="mcp_token_revoke"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", sites.home, name="home"),
    path("verify-email", account.verify_email, name="verify_email"),
    path("teams/new", team.create, name="team_create"),
    path("teams/<int:team_id>/", include(_team)),
    path("settings/", include(_settings)),
    path("invitations/<str:token>", invitations.invitation, name="invitation"),
    path("invitations/<str:token>/accept", invitations.accept, name="invitation_accept"),
    path("invitations/<str:token>/decline", invitations.decline, name="invitation_decline"),
    path(
        "invitations/waiting/<int:invitation_id>/accept",
        invitations.accept_waiting,
        name="invitation_accept_waiting",
    ),
]
