"""Write docs/api from the API's description; `--check` only says whether it is up to date."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scripts.generated import run
from tocsin.web.reference.reading import Group, Operation, read

FOLDER = "docs/api"
NOTE = "<!-- Written by scripts/api_markdown.py (make docs); changes here are lost. -->\n"


def files(document: Mapping[str, Any]) -> dict[str, str]:
    """Return the text of every file by its path in the repository."""
    groups = read(document)
    pages = {f"{FOLDER}/{_slug(group)}": _page(group) for group in groups}
    return {f"{FOLDER}/README.md": _index(document, groups), **pages}


def _slug(group: Group) -> str:
    return f"{group.name.lower()}.md"


def _index(document: Mapping[str, Any], groups: list[Group]) -> str:
    lines = [NOTE, "# API reference\n", document["info"]["description"]]
    for group in groups:
        lines += [f"## [{group.name}]({_slug(group)})\n", f"{group.description}\n"]
        rows = (
            (f"[`{each.name}`]({_slug(group)}#{each.name})", f"{each.method} `{each.path}`",
             f"`{each.scope}`" if each.scope else "any")
            for each in group.operations
        )  # fmt: skip
        lines += [*_table(("Operation", "Request", "Scope"), rows), ""]
    return "\n".join(lines).rstrip() + "\n"


def _page(group: Group) -> str:
    lines = [NOTE, f"# {group.name}\n", f"{group.description}\n"]
    for operation in group.operations:
        lines += [*_operation(operation), ""]
    return "\n".join(lines).rstrip() + "\n"


def _operation(operation: Operation) -> Iterator[str]:
    yield f"## {operation.name}\n"
    yield f"`{operation.method} {operation.path}`\n"
    yield f"{operation.summary} {operation.description}\n"
    scope = f"scope `{operation.scope}`" if operation.scope else "any token"
    yield scope.capitalize() + (
        f", permission `{operation.permission}`.\n" if operation.permission else ".\n"
    )
    if operation.parameters:
        rows = (
            (f"`{each.name}`", f"{each.place}{', required' if each.required else ''}", each.kind,
             _sentence(each.description, each.limits))
            for each in operation.parameters
        )  # fmt: skip
        yield from _table(("Parameter", "In", "Type", "Meaning"), rows)
        yield ""
    if operation.fields:
        fields = (
            (f"`{each.name}`{' (required)' if each.required else ''}", each.kind,
             _sentence(each.description, each.limits))
            for each in operation.fields
        )  # fmt: skip
        yield from _table(("Field of the body", "Type", "Meaning"), fields)
        yield ""
    yield f"```sh\n{operation.snippets[0].code}\n```\n"
    yield f"Answers {operation.success}" + (":\n" if operation.answers else " without a body.\n")
    for answer in operation.answers:
        if answer.what:
            yield f"{answer.what}\n"
        yield f"```json\n{answer.text}\n```\n"
    refused = ((str(each.status), f"`{each.code}`", each.when) for each in operation.refusals)
    yield from _table(("Otherwise", "Code", "When"), refused)


def _sentence(description: str, limits: str) -> str:
    return " ".join(f"{description} {limits}".split())


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"


if __name__ == "__main__":
    raise SystemExit(run(files))
