"""What would change, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from tocsin.sites.monitoring.impact import Effect
from tocsin.sites.monitoring.presets import TOOL_LABELS
from tocsin.web.monitoring.controls import BY_NAME, Path

MOST_NAMES = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One change; `keeping` names the sites that it does not reach."""

    what: str
    before: str
    after: str
    reach: str
    keeping: list[str]
    more: int


def lines_of(effects: Iterable[Effect]) -> list[Line]:
    """Put effects into words."""
    return [_line(effect) for effect in effects]


def _line(effect: Effect) -> Line:
    reach = ngettext("%(count)s site follows", "%(count)s sites follow", effect.sites)
    return Line(
        what=_label(effect.path),
        before=_shown(effect.before),
        after=_shown(effect.after),
        reach=reach % {"count": effect.sites},
        keeping=list(effect.keeping[:MOST_NAMES]),
        more=max(0, len(effect.keeping) - MOST_NAMES),
    )


def _label(path: Path) -> str:
    control = BY_NAME.get("__".join(path))
    label = str(control.label) if control else " ".join(path)
    if path[0] == "tools":
        tool = next(name for key, name in TOOL_LABELS.items() if key == path[1])
        return f"{gettext(tool)}: {label}"
    group = {
        "quiet_time": gettext("Quiet time"),
        "escalation": gettext("Reminders"),
        "request_header": gettext("Request header"),
    }[path[0]]
    return f"{group}: {label}" if control else group


def _shown(value: Any) -> str:
    match value:
        case True:
            return gettext("yes")
        case False:
            return gettext("no")
        case None | "" | [] | ():
            return gettext("none")
        case list() | tuple():
            return ", ".join(map(str, value))
    return str(value)
