"""A site's settings for the form: what it sets itself, and what it inherits from its team."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tocsin.probes.contract import DNS_RECORD_TYPES, INCIDENT_STATUS_CODES, Tool
from tocsin.sites.models import Site
from tocsin.sites.monitoring.presets import cadence_presets
from tocsin.sites.monitoring.queries import of_team
from tocsin.sites.monitoring.shapes import team_shape
from tocsin.sites.monitoring.vocabulary import floor_of
from tocsin.teams.plans import plan_of
from tocsin.web.issues.words import TOOLS
from tocsin.web.site_settings.catalogue import GROUPS, Group, Kind, Setting
from tocsin.web.site_settings.reading import HEADER, OWN, YES

ROOT = "monitoring_settings"
_PARTS = ("name", "value")
Errors = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Option:
    """One value to choose from."""

    value: str
    label: str
    chosen: bool
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class FieldView:
    """One setting: `value` is the site's own, empty where it inherits `inherited`."""

    setting: Setting
    value: str
    inherited: str
    is_own: bool
    options: tuple[Option, ...]
    errors: tuple[str, ...]

    @property
    def html_id(self) -> str:
        """Return an id for the control."""
        return f"set-{self.setting.path.replace('.', '-')}"


@dataclass(frozen=True, slots=True)
class GroupView:
    """The settings of one tool; `own` of them are the site's."""

    tool: Tool
    icon: str
    label: Promise
    fields: tuple[FieldView, ...]

    @property
    def own(self) -> int:
        """Return how many settings the site sets itself."""
        return sum(field.is_own for field in self.fields)

    @property
    def is_open(self) -> bool:
        """Tell whether its fields are shown at once: the first tool's, and what needs a look."""
        wants_a_look = any(field.is_own or field.errors for field in self.fields)
        return self.tool is Tool.STATUS or wants_a_look


@dataclass(frozen=True, slots=True)
class RecordField:
    """The expected records of one type, one a line."""

    kind: str
    text: str
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sources:
    """Where values come from: the site, its team, and what was typed and refused."""

    own: Mapping[str, Any]
    team: Mapping[str, Any]
    typed: QueryDict | None
    errors: Errors
    floor: int


def groups_of(site: Site, typed: QueryDict | None, errors: Errors) -> list[GroupView]:
    """Return the settings by tool; `typed` is what was refused, with its errors by path."""
    sources = _Sources(
        own=site.monitoring_overrides,
        team=team_shape(of_team(site.team)),
        typed=typed,
        errors=errors,
        floor=plan_of(site.team.plan).minimum_check_cadence_minutes,
    )
    return [_group(group, sources) for group in GROUPS]


def record_fields(site: Site, typed: QueryDict | None, errors: Errors) -> list[RecordField]:
    """Return the expected records by type."""
    expected = site.dns_expected_records or {}
    return [
        RecordField(
            kind,
            "\n".join(expected.get(kind, ()))
            if typed is None
            else typed.get(f"records.{kind}", ""),
            _starting_with(errors, f"dns_expected_records.{kind}"),
        )
        for kind in DNS_RECORD_TYPES
    ]


def header_field(site: Site, typed: QueryDict | None, errors: Errors) -> dict[str, Any]:
    """Return the header that checks of this site send."""
    own = at(site.monitoring_overrides, HEADER) or {}
    inherited = of_team(site.team).request_header
    shown = {part: typed.get(f"{HEADER}.{part}", "") for part in _PARTS} if typed else own
    return {
        **{part: shown.get(part, "") for part in _PARTS},
        "is_own": bool(own),
        "inherited": inherited.name if inherited else _("none"),
        "errors": _starting_with(errors, f"{ROOT}.{HEADER}"),
    }


def at(layer: Mapping[str, Any], path: str) -> Any:
    """Return what stands at a dotted path, None where nothing does."""
    value: Any = layer
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _group(group: Group, sources: _Sources) -> GroupView:
    icon, label = TOOLS[group.tool]
    fields = tuple(_field(setting, group.tool, sources) for setting in group.settings)
    return GroupView(group.tool, icon, label, fields)


def _field(setting: Setting, tool: Tool, sources: _Sources) -> FieldView:
    inherited = at(sources.team, setting.path)
    shown = at(sources.own, setting.path)
    is_own = shown is not None
    if sources.typed is not None:
        shown, is_own = _typed(setting, sources.typed, is_own=is_own)
    chosen = shown if is_own else inherited
    return FieldView(
        setting=setting,
        value=_text(setting.kind, "" if shown is None else shown),
        inherited=_in_words(setting, inherited),
        is_own=is_own,
        options=tuple(_options(setting.kind, tool, chosen, own=shown, floor=sources.floor)),
        errors=_starting_with(sources.errors, f"{ROOT}.{setting.path}"),
    )


def _typed(setting: Setting, typed: QueryDict, *, is_own: bool) -> tuple[Any, bool]:
    """Return what was typed, and whether the site sets it; of a list a tick says so."""
    if not setting.kind.is_list:
        return typed.get(setting.path, ""), is_own
    is_own = typed.get(f"{setting.path}.{OWN}") == YES
    listed = typed.getlist(setting.path)
    return "".join(listed).splitlines() if setting.kind is Kind.LINES else listed, is_own


def _options(kind: Kind, tool: Tool, chosen: Any, *, own: Any, floor: int) -> list[Option]:
    if kind is Kind.CADENCE:
        presets = cadence_presets(floor_of(tool, floor))
        return [
            Option(
                str(each["minutes"]),
                each["label"],
                str(own) == str(each["minutes"]),
                disabled=each["disabled"],
            )
            for each in presets
        ]
    if kind in {Kind.CODES, Kind.TYPES}:
        every = INCIDENT_STATUS_CODES if kind is Kind.CODES else DNS_RECORD_TYPES
        selected = {str(each) for each in chosen or ()}
        return [Option(str(each), str(each), str(each) in selected) for each in every]
    return []


def _text(kind: Kind, value: Any) -> str:
    if isinstance(value, bool):
        return YES if value else "no"
    if kind is Kind.LINES:
        return "\n".join(value)
    return "" if kind.is_list else str(value)


def _in_words(setting: Setting, value: Any) -> str:
    """Say what the team's setting is."""
    if setting.kind is Kind.SWITCH:
        return _("on") if value else _("off")
    if setting.kind is Kind.CADENCE:
        presets = cadence_presets(1)
        return next((each["label"] for each in presets if each["minutes"] == value), str(value))
    if setting.kind.is_list:
        return ", ".join(map(str, value or ())) or _("none")
    if value is None:
        return _("the site's address") if setting.kind is Kind.TEXT else _("no limit")
    return f"{value} {setting.unit}".strip()


def _starting_with(errors: Errors, path: str) -> tuple[str, ...]:
    return tuple(
        message
        for name, messages in errors.items()
        if name == path or name.startswith(f"{path}.")
        for message in messages
    )
