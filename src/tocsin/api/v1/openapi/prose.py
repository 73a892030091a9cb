"""What readers must know of each operation beyond its summary; Markdown."""

from collections.abc import Mapping

INTRODUCTION = """Watch websites, and know what was and was not watched.

**Authentication.** Send `Authorization: Bearer {token}` with a token made under Settings → API
tokens, and never in an address. A token acts as its owner through its scopes: a scope never
widens a role, a role never widens a scope, and write does not imply read.

**Gates.** The first that fails answers: 1 the token (401), 2 the owner's verified address (403
`email_unverified`), 3 the scope (403 `insufficient_scope`), 4 the thing exists and its team is
the owner's (404, byte for byte the same in both cases), 5 two-factor where the team requires it
(403 `two_factor_required`), 6 the team's plan (402 `plan_inactive`), 7 the role's permission (403
`permission_denied`). Only then are query and body looked at: 413, 415, 400, 422, and 409 for a
state that does not allow it. Another host name than this installation's is 400 `bad_request`,
another method than a path has 405 `method_not_allowed`; `HEAD` and `OPTIONS` work everywhere.

**Limits.** 120 requests a minute for each token, 10 of `queue_checks`; 60 failed authentications
a minute for each address. Every answer says what is left of the tighter limit in `X-RateLimit-*`;
429 adds `Retry-After`.

**JSON.** UTF-8, each name once in an object, nothing coerced. Unknown fields and query parameters
are 422. Timestamps are UTC in whole seconds with `+00:00`. A body is at most 1 MiB.

**Sending a POST again.** With an `Idempotency-Key` a POST may be repeated for 24 hours: it is
done once, and answered the same.
"""

TAGS: Mapping[str, str] = {
    "Identity": "Who the token belongs to, and what it may do.",
    "Teams": "Teams own sites; a plan limits what a team may use.",
    "Monitoring": "What a team's sites are watched by, unless they say otherwise.",
    "Sites": "What is watched.",
    "Checks": "What ran and what it found; what to run now; what became of every slot.",
    "Reports": "How a site fared, from daily numbers that outlive its checks.",
    "Issues": "What is wrong, who takes care of it, and who was told.",
}

DESCRIPTIONS: Mapping[str, str] = {
    "show_me": (
        "The user under `user`, all their teams under `teams`. `role` of the user is a job "
        "title; `role` of a team is what the user is there."
    ),
    "show_token": (
        "Any token may ask this, whatever its scopes. The value itself cannot be read again. "
        "`last_used_at` is coarse."
    ),
    "list_teams": "Not paginated. Teams are listed whatever the state of their plan.",
    "show_team": "`limits` says what the plan allows and what is used of it; null is unlimited.",
    "show_team_monitoring": (
        "`settings` is complete: what the team did not set is the default. The lists beside "
        "it are what there is to choose from; a cadence is `disabled` where the plan does not "
        "run that fast."
    ),
    "update_monitoring": (
        "A tool that is present says `enabled` and `cadence_minutes`, and its `settings` are "
        "merged into what is there; tools that are absent are untouched. `quiet_time`, "
        "`escalation` and `request_header` may be left out. A new cadence re-syncs the "
        "schedules of all the team's sites."
    ),
    "list_sites": (
        "Pinned sites first, newest pin first, then the newest site, unless `sort` says "
        "otherwise. Each site carries the latest check of each tool."
    ),
    "create_site": (
        "The first check of each enabled tool is due at once and costs nothing of the quota. "
        "`url` is http or https, without user info; its fragment is dropped, host and scheme "
        "are lower-cased. The same address twice in a team is 422 on `url`, and so is a "
        "target that the egress policy refuses."
    ),
    "create_sites": (
        "Up to 100 at once. One bad address does not fail the others: each ends under "
        "`created`, `skipped` (watched already, or twice in the request) or `failed` "
        "(invalid, refused or beyond the plan)."
    ),
    "show_site": (
        "`monitoring.settings` is complete, `monitoring_overrides` only what the site itself "
        "sets, `issue_settings` the same flat, by which issues are decided."
    ),
    "update_site": (
        "What is absent stays. `monitoring_settings` is a JSON merge patch (RFC 7396) on the "
        "overrides: a value overrides, null inherits again. Another `url` keeps the history, "
        "clears the expected DNS records and resolves open issues with the reason "
        "`target_changed`."
    ),
    "delete_site": "The site goes with its checks, issues and history.",
    "list_checks": (
        "Newest first, with full results. `from` and `to` take a UTC date, that day included, "
        "or a timestamp."
    ),
    "queue_checks": (
        "Queues one check of each tool, by default of all that are enabled on the site, and "
        "answers them pending: ask `show_check` until `status` is `completed`, `failed` or "
        "`skipped`. All or nothing: 422 under `errors.tools` where a tool is not enabled, "
        "still has a manual run pending, ran by hand less than a minute ago (broken-links and "
        "performance: 15 minutes), or the month's quota is used up. `url` is a page on the "
        "site's own host, for performance only. 10 requests a minute."
    ),
    "show_check": (
        "`result` is the tool's own object, null until the check ends and where the tool "
        "could not come to one; `error` then says why. `failed` means that there is no "
        "result, `completed` with the outcome `failing` that the result breaches the "
        "settings, `unknown` that the machine that looks was itself at fault."
    ),
    "delete_check": "Only a manual check that has ended; its part of the quota stays used.",
    "show_slots": (
        "Every moment at which a check was due, accounted for: `expected` = `ran` + all "
        "`skipped` + all `lost`; `late` and `unknown` are among those that ran. Without "
        "`from` and `to` the last 7 days."
    ),
    "report_uptime": (
        "Oldest day first, today included. Counts automatic status checks that ended `ok` or "
        "`failing`; what was not observed counts neither up nor down. A percentage is never "
        "rounded up to 100. `response_time` of a day is its slowest, in milliseconds."
    ),
    "report_performance": (
        "Oldest day first, today included; averages of each day. `speed` is the Speed Index "
        "in seconds."
    ),
    "list_issues": (
        "Newest opening first. `active` are those that are open or acknowledged. Without "
        "`team` and `site`, issues of all teams whose gates let the owner see them; a team "
        "that is named passes gates 4 to 7 or refuses."
    ),
    "show_issue": (
        "`timeline` tells every cycle; `opened_at` is that of the current one. `context` "
        "holds the numbers that decided."
    ),
    "acknowledge_issue": "Says that somebody takes care of it. A second time changes nothing.",
    "resolve_issue": (
        "Ends it by hand and tells nobody. A second time changes nothing; the next failing "
        "check may reopen it."
    ),
    "list_deliveries": (
        "One message owed to one destination each: delivered, on its way, failed, or "
        "suppressed with the reason."
    ),
}
