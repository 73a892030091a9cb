"""The form of a team's monitoring settings, made of its controls."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField, BoundWidget
from django.http import QueryDict
from django.utils.translation import gettext

from tocsin.kit.errors import InvalidInput
from tocsin.probes.contract import Tool
from tocsin.sites.monitoring.vocabulary import floor_of
from tocsin.web.monitoring.controls import BY_NAME, CONTROLS, TOOLS, Control, Kind, value_at

FIRST_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Offered:
    """What a team is shown: its resolved settings, and the lists that stand beside them."""

    settings: Mapping[str, Any]
    presets: Mapping[str, Any]

    @property
    def floor(self) -> int:
        """Return the plan's fastest cadence in minutes."""
        floor: int = self.presets["minimum_check_cadence_minutes"]
        return floor

    @property
    def allowed(self) -> set[str]:
        """Return the tools that the plan runs."""
        return {each["value"] for each in self.presets["allowed_tools"]}


class CadenceSelect(forms.Select):
    """A choice of cadences; those that are too fast are shown and cannot be chosen."""

    def __init__(self, floor: int, current: int) -> None:
        super().__init__()
        self.floor, self.current = floor, current

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Switch an option off where the tool or the plan does not go so fast."""
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        minutes = int(str(value))
        if minutes < self.floor and minutes != self.current:
            option["attrs"]["disabled"] = True
        return option


class MonitoringForm(forms.Form):
    """All settings at once. It reads shapes; the schema of `sites.monitoring` judges values."""

    def __init__(self, data: QueryDict | None = None, *, offered: Offered) -> None:
        initial = {each.name: _typed(each, offered.settings) for each in CONTROLS}
        super().__init__(data, initial=initial)
        self.offered = offered
        for control in CONTROLS:
            self.fields[control.name] = _FIELDS[control.kind](control, offered)

    def body(self) -> dict[str, Any]:
        """Return a request body that says what was changed and nothing else."""
        settings = self.offered.settings
        changed: dict[str, Any] = {}
        tools = {tool.value: part for tool in TOOLS if (part := self._tool(tool)) is not None}
        if tools:
            changed["tools"] = tools
        for name in ("quiet_time", "escalation", "request_header"):
            wanted = self._group((name,))
            if name == "request_header" and not any(wanted.values()):
                wanted = {}
            if wanted != (settings.get(name) or {}):
                changed[name] = wanted or None
        return {"monitoring_settings": changed}

    def show(self, error: InvalidInput) -> None:
        """Put what was refused beside the field it concerns, else above the form."""
        for path, messages in error.errors.items():
            for message in messages:
                self.add_error(_field_of(path), message)

    def code_groups(self) -> list[tuple[str, list[BoundWidget]]]:
        """Return the boxes of status codes: those for errors of clients, those of servers."""
        boxes = list(self["tools__status__settings__incident_status_codes"])
        client = [each for each in boxes if int(each.data["value"]) < FIRST_SERVER_ERROR]
        server = [each for each in boxes if each not in client]
        return [
            (gettext("Errors of the request"), client),
            (gettext("Errors of the server"), server),
        ]

    def bound(self, controls: Sequence[Control]) -> Iterator[tuple[Control, BoundField]]:
        """Yield controls with their fields."""
        for control in controls:
            yield control, self[control.name]

    def _tool(self, tool: Tool) -> dict[str, Any] | None:
        known = value_at(self.offered.settings, ("tools", tool.value))
        wanted = self._group(("tools", tool.value))
        wanted["settings"] = self._group(("tools", tool.value, "settings"))
        same = {key: known[key] for key in wanted if key != "settings"}
        same["settings"] = {key: known["settings"][key] for key in wanted["settings"]}
        return None if wanted == same else wanted

    def _group(self, path: tuple[str, ...]) -> dict[str, Any]:
        """Return what was typed directly below a path."""
        return {
            control.path[-1]: _read(control, self.cleaned_data[control.name])
            for control in CONTROLS
            if control.path[:-1] == path
        }


def _typed(control: Control, settings: Mapping[str, Any]) -> Any:
    value = value_at(settings, control.path)
    return "\n".join(value or ()) if control.kind is Kind.LINES else value


def _read(control: Control, value: Any) -> Any:
    match control.kind:
        case Kind.LINES:
            return [line.strip() for line in value.splitlines() if line.strip()]
        case Kind.CODES | Kind.INTERVALS:
            return sorted(int(each) for each in value)
        case Kind.DECIMAL:
            return None if value is None else float(value)
    return value


def _field_of(path: str) -> str | None:
    """Return the field that an error's dotted path lies in or below."""
    steps = path.split(".")[1:]
    names = ("__".join(steps[:length]) for length in range(len(steps), 0, -1))
    return next((name for name in names if name in BY_NAME), None)


def _number(control: Control, _: Offered) -> forms.Field:
    attrs = {key: value for key, value in (("min", control.low), ("max", control.high)) if value}
    widget = forms.NumberInput(attrs={**attrs, "inputmode": "numeric"})
    required = "max_ttfb" not in control.name
    return forms.IntegerField(
        label=str(control.label), help_text=str(control.help), required=required, widget=widget
    )


def _decimal(control: Control, _: Offered) -> forms.Field:
    widget = forms.NumberInput(attrs={"min": control.low, "step": "any", "inputmode": "decimal"})
    return forms.FloatField(
        label=str(control.label), help_text=str(control.help), required=False, widget=widget
    )


def _flag(control: Control, offered: Offered) -> forms.Field:
    is_switch = control.path[0] == "tools" and control.path[-1] == "enabled"
    refused = is_switch and control.path[1] not in offered.allowed
    reason = gettext("This plan does not run it.") if refused else str(control.help)
    return forms.BooleanField(
        label=str(control.label), help_text=reason, required=False, disabled=refused
    )


def _cadence(control: Control, offered: Offered) -> forms.Field:
    floor = floor_of(Tool(control.path[1]), offered.floor)
    current = value_at(offered.settings, control.path)
    slower = gettext("not on this plan") if floor == offered.floor else gettext("too fast for it")
    choices = [
        (
            each["minutes"],
            f"{each['label']} ({slower})" if each["minutes"] < floor else each["label"],
        )
        for each in offered.presets["cadence_presets"]
    ]
    return forms.TypedChoiceField(
        label=str(control.label), choices=choices, coerce=int, widget=CadenceSelect(floor, current)
    )


def _boxes(choices: Callable[[Mapping[str, Any]], list[tuple[Any, str]]]) -> Any:
    def make(control: Control, offered: Offered) -> forms.Field:
        return forms.MultipleChoiceField(
            label=str(control.label),
            choices=choices(offered.presets),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    return make


def _codes(presets: Mapping[str, Any]) -> list[tuple[Any, str]]:
    return [(each["code"], each["label"]) for each in presets["status_incident_code_options"]]


def _record_types(presets: Mapping[str, Any]) -> list[tuple[Any, str]]:
    return [(each, each) for each in presets["dns_record_types"]]


def _intervals(presets: Mapping[str, Any]) -> list[tuple[Any, str]]:
    return [(each["minutes"], each["label"]) for each in presets["escalation_interval_presets"]]


def _lines(control: Control, _: Offered) -> forms.Field:
    widget = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
    return forms.CharField(
        label=str(control.label), help_text=str(control.help), required=False, widget=widget
    )


def _text(control: Control, _: Offered) -> forms.Field:
    attrs = {"autocomplete": "off", "spellcheck": "false"}
    if control.path[-1] == "timezone":
        attrs["list"] = "zones"
    return forms.CharField(
        label=str(control.label),
        help_text=str(control.help),
        required=control.path[0] != "request_header",
        strip=False,
        widget=forms.TextInput(attrs=attrs),
    )


def _time(control: Control, _: Offered) -> forms.Field:
    widget = forms.TextInput(attrs={"type": "time"})
    return forms.CharField(label=str(control.label), help_text=str(control.help), widget=widget)


_FIELDS: Mapping[Kind, Callable[[Control, Offered], forms.Field]] = {
    Kind.FLAG: _flag,
    Kind.NUMBER: _number,
    Kind.DECIMAL: _decimal,
    Kind.CADENCE: _cadence,
    Kind.CODES: _boxes(_codes),
    Kind.RECORD_TYPES: _boxes(_record_types),
    Kind.INTERVALS: _boxes(_intervals),
    Kind.LINES: _lines,
    Kind.TIME: _time,
    Kind.TEXT: _text,
}
