"""From what somebody typed to the body of a change; who judges it is the action."""

from typing import Any

from django.http import QueryDict
from django.utils.formats import sanitize_separators

from tocsin.probes.contract import DNS_RECORD_TYPES
from tocsin.sites.models import Site
from tocsin.web.site_settings.catalogue import SETTINGS, Kind, Setting

OWN = "own"
YES, NO = "yes", "no"
HEADER = "request_header"


def body_of(typed: QueryDict, site: Site) -> dict[str, Any]:
    """Return everything that the form says as a change of a site; an empty field inherits."""
    patch: dict[str, Any] = {}
    for setting in SETTINGS.values():
        put(patch, setting.path, _value(typed, setting))
    patch[HEADER] = _header(typed)
    records = records_of(typed)
    body: dict[str, Any] = {
        "name": typed.get("name", ""),
        "notes": typed.get("notes", "").replace("\r\n", "\n"),
        "js_rendered": typed.get("js_rendered") == YES,
        "monitoring_settings": patch,
    }
    if records != (site.dns_expected_records or {}):
        body["dns_expected_records"] = records
    if typed.get("url", "") != site.url:
        body["url"] = typed.get("url", "")
    return body


def inheriting(path: str) -> dict[str, Any]:
    """Return the change by which a site inherits one setting again."""
    patch: dict[str, Any] = {}
    put(patch, path, None)
    return {"monitoring_settings": patch}


def records_of(typed: QueryDict) -> dict[str, list[str]]:
    """Return the expected records by type; types without any are left out."""
    lines = {kind: lines_of(typed.get(f"records.{kind}", "")) for kind in DNS_RECORD_TYPES}
    return {kind: values for kind, values in lines.items() if values}


def lines_of(text: str) -> list[str]:
    """Return the lines that hold something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def put(target: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a dotted path, making the objects on the way."""
    *above, last = path.split(".")
    for step in above:
        target = target.setdefault(step, {})
    target[last] = value


def _value(typed: QueryDict, setting: Setting) -> Any:
    if setting.kind.is_list:
        return _list(typed, setting) if typed.get(f"{setting.path}.{OWN}") == YES else None
    text = typed.get(setting.path, "").strip()
    if not text:
        return None
    if setting.kind is Kind.SWITCH:
        return text == YES
    return text if setting.kind is Kind.TEXT else _number(text)


def _list(typed: QueryDict, setting: Setting) -> list[Any]:
    if setting.kind is Kind.LINES:
        return list(lines_of(typed.get(setting.path, "")))
    values = typed.getlist(setting.path)
    return [_number(each) for each in values] if setting.kind is Kind.CODES else list(values)


def _number(text: str) -> Any:
    """Return a number where it is one; else the text, for the action to say what is wrong.

    Its decimals may stand behind what the reader's language writes there.
    """
    text = str(sanitize_separators(text))
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def _header(typed: QueryDict) -> dict[str, str] | None:
    name, value = (typed.get(f"{HEADER}.{part}", "").strip() for part in ("name", "value"))
    return {"name": name, "value": value} if name or value else None
