"""The dashboard's addresses. Each view declares its door, see `doors`."""

from django.urls import URLPattern, URLResolver, include, path

from tocsin.web.views import (
    account,
    addresses,
    audit,
    connected_clients,
    consent,
    deep_links,
    deliveries,
    destination_forms,
    destinations,
    home,
    invitations,
    issue,
    issues,
    languages,
    members,
    monitoring,
    notices,
    palette,
    reports,
    sites,
    sites_bulk,
    sites_import,
    team,
    tokens,
)

_destination: list[URLPattern | URLResolver] = [
    path("", destination_forms.edit, name="destination"),
    path("switch", destinations.switch, name="destination_switch"),
    path("delete", destinations.delete, name="destination_delete"),
    path("test", destinations.test, name="destination_test"),
    path("secret", destinations.rotate, name="destination_secret"),
    path("ask", destinations.ask_again, name="destination_ask"),
]

_issue: list[URLPattern | URLResolver] = [
    path("", issue.issue, name="issue"),
    path("/live", issue.live, name="issue_live"),
    path("/acknowledge", issue.acknowledge, name="issue_acknowledge"),
    path("/resolve", issue.resolve, name="issue_resolve"),
    path("/delete", issue.delete, name="issue_delete"),
]

_team: list[URLPattern | URLResolver] = [
    path("", home.team_home, name="team_home"),
    path("live", home.live, name="team_home_live"),
    path("team", team.team, name="team"),
    path("sites", sites.team_sites, name="team_sites"),
    path("sites/live", sites.live, name="team_sites_live"),
    path("sites/new", sites.create, name="site_create"),
    path("sites/import", sites_import.import_sites, name="sites_import"),
    path("sites/pin", sites_bulk.pin, name="sites_pin"),
    path("sites/unpin", sites_bulk.unpin, name="sites_unpin"),
    path("sites/delete", sites_bulk.delete, name="sites_delete"),
    path("sites/<uuid:site>/", include("tocsin.web.site_urls")),
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
    path("issues", issues.issues, name="issues"),
    path("issues/bulk", issues.bulk, name="issues_bulk"),
    path("issues/<uuid:issue>", include(_issue)),
    path("monitoring", monitoring.monitoring, name="monitoring"),
    path("monitoring/update", monitoring.update, name="monitoring_update"),
    path("reports", reports.reports, name="reports"),
    path("reports.csv", reports.reports_table, name="reports_table"),
    path("reports/<uuid:site>", reports.report, name="report"),
    path("reports/<uuid:site>.csv", reports.report_table, name="report_table"),
    path("audit", audit.audit, name="team_audit"),
    path("destinations", destinations.destinations, name="destinations"),
    path("destinations/new/<str:channel>", destination_forms.create, name="destination_create"),
    path("destinations/<int:destination_id>/", include(_destination)),
    path("deliveries", deliveries.deliveries, name="deliveries"),
    path("deliveries/<uuid:delivery>/resend", deliveries.resend, name="delivery_resend"),
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
    path("mcp/clients/<int:client_id>/revoke", connected_clients.disconnect, name="mcp_disconnect"),
]

_notices: list[URLPattern | URLResolver] = [
    path("", notices.notices, name="notices"),
    path("live", notices.live, name="notices_live"),
    path("bell", notices.bell, name="notices_bell"),
    path("read", notices.read_all, name="notices_read_all"),
    path("<int:notice_id>/read", notices.read, name="notice_read"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("check-link/<uuid:check>", deep_links.check_link, name="check_link"),
    path("issues/<uuid:issue>", deep_links.issue_link, name="issue_link"),
    path("palette", palette.search, name="palette"),
    path("language", languages.choose, name="language"),
    path("verify-email", account.verify_email, name="verify_email"),
    path("teams/new", team.create, name="team_create"),
    path("teams/<int:team_id>/", include(_team)),
    path("settings/", include(_settings)),
    path("notices/", include(_notices)),
    path("oauth/authorize", consent.authorize, name="oauth_authorize"),
    path("destinations/confirm/<str:token>", addresses.confirm, name="address_confirm"),
    path("invitations/<str:token>", invitations.invitation, name="invitation"),
    path("invitations/<str:token>/accept", invitations.accept, name="invitation_accept"),
    path("invitations/<str:token>/decline", invitations.decline, name="invitation_decline"),
    path(
        "invitations/waiting/<int:invitation_id>/accept",
        invitations.accept_waiting,
        name="invitation_accept_waiting",
    ),
]
