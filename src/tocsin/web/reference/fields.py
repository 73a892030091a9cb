"""Fields of a body in rows, each with its type and limits in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]

_BOUNDS = (
    ("minimum", "at least {}"),
    ("maximum", "at most {}"),
    ("minItems", "at least {} items"),
    ("maxItems", "at most {} items"),
    ("maxLength", "at most {} characters"),
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field by its dotted name; items of a list are `name[]`."""

    name: str
    kind: str
    limits: str
    required: bool
    description: str


def fields_of(schema: Schema, components: Schema) -> list[Field]:
    """List all fields of an object, at any depth, in its order."""
    return list(_fields(schema, components, ""))


def kind_of(schema: Schema, components: Schema) -> str:
    """Name the type of a value."""
    known, nullable = _resolved(schema, components)
    untyped = "string" if "enum" in known else "any"
    kind = str(known.get("format") or known.get("type", untyped))
    if kind == "array":
        kind = f"array of {kind_of(known.get('items', {}), components)}"
    return f"{kind} or null" if nullable else kind


def limits_of(schema: Schema, components: Schema) -> str:
    """Say what a value may be: its words, or its bounds."""
    known, _ = _resolved(schema, components)
    known = known if "items" not in known else {**_resolved(known["items"], components)[0], **known}
    words = [f"`{word}`" for word in known.get("enum", ())]
    limits = [f"one of {', '.join(words)}"] if words else []
    limits += [text.format(known[bound]) for bound, text in _BOUNDS if bound in known]
    if "default" in schema:
        limits.append(f"default `{_written(schema['default'])}`")
    return "; ".join(limits)


def resolved(schema: Schema, components: Schema) -> Schema:
    """Return a schema without reference, and without null where it has another choice."""
    return _resolved(schema, components)[0]


def _fields(schema: Schema, components: Schema, prefix: str) -> Iterator[Field]:
    known = resolved(schema, components)
    if known.get("type") == "array":
        yield from _fields(known.get("items", {}), components, f"{prefix.rstrip('.')}[].")
        return
    for name, each in known.get("properties", {}).items():
        yield Field(
            name=prefix + name,
            kind=kind_of(each, components),
            limits=limits_of(each, components),
            required=name in known.get("required", ()),
            description=each.get("description")
            or resolved(each, components).get("description", ""),
        )
        yield from _fields(each, components, f"{prefix}{name}.")


def _resolved(schema: Schema, components: Schema) -> tuple[Schema, bool]:
    if "$ref" in schema:
        target = components["schemas"][schema["$ref"].rpartition("/")[2]]
        return _resolved(target, components)
    choices = schema.get("anyOf", schema.get("allOf"))
    if choices is None:
        return schema, False
    other = [each for each in choices if each != {"type": "null"}]
    return _resolved(other[0], components)[0], len(other) < len(choices)


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) or value is None else str(value)
