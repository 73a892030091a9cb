"""The addresses of one site, within its team's."""

from django.urls import URLPattern, URLResolver, path

from tocsin.web.views import (
    site,
    site_charts,
    site_checks,
    site_ending,
    site_runs,
    site_settings,
    site_slots,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", site.overview, name="site"),
    path("pulse", site.pulse, name="site_pulse"),
    path("panels", site.panels, name="site_panels"),
    path("pin", site.pin, name="site_pin"),
    path("response-times", site_charts.times, name="site_response_times"),
    path("slots", site_slots.slots, name="site_slots"),
    path("run", site_runs.run, name="site_run"),
    path("runs", site_runs.runs, name="site_runs"),
    path("checks", site_checks.checks, name="site_checks"),
    path("checks/<uuid:check>", site_checks.check, name="site_check"),
    path("checks/<uuid:check>/delete", site_checks.delete, name="site_check_delete"),
    path("settings", site_settings.settings, name="site_settings"),
    path("settings/save", site_settings.save, name="site_settings_save"),
    path("settings/reset", site_settings.reset, name="site_settings_reset"),
    path("settings/records", site_settings.adopt_records, name="site_settings_records"),
    path("snooze", site_ending.snooze, name="site_snooze"),
    path("delete", site_ending.delete, name="site_delete"),
]
