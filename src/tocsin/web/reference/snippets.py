"""The same request in the languages that people call APIs from."""

import json
import pprint
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

WIDTH = 88


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent; `path` has its example values filled in."""

    method: str
    path: str
    body: Any


@dataclass(frozen=True, slots=True)
class Snippet:
    """A request in one language; `key` is for programs."""

    key: str
    language: str
    code: str


def snippets_of(request: Request) -> list[Snippet]:
    """Write a request in every language."""
    return [Snippet(key, language, write(request)) for key, language, write in _LANGUAGES]


def _curl(request: Request) -> str:
    lines = [
        f'curl -X {request.method} "$TOCSIN_URL{request.path}"',
        '-H "Authorization: Bearer $TOCSIN_TOKEN"',
    ]
    if request.body is not None:
        body = json.dumps(request.body, ensure_ascii=False)
        lines += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(body)}"]
    return " \\\n  ".join(lines)


def _python(request: Request) -> str:
    arguments = [
        f'"{request.method}"',
        f'os.environ["TOCSIN_URL"] + "{request.path}"',
        'headers={"Authorization": "Bearer " + os.environ["TOCSIN_TOKEN"]}',
    ]
    if request.body is not None:
        literal = pprint.pformat(request.body, width=WIDTH, sort_dicts=False)
        arguments.append("json=" + literal.replace("\n", "\n    "))
    inside = "".join(f"    {each},\n" for each in arguments)
    return (
        f"import os\nimport httpx\n\nanswer = httpx.request(\n{inside})\nanswer.raise_for_status()"
    )


def _javascript(request: Request) -> str:
    lines = [f'  method: "{request.method}",']
    if request.body is None:
        lines.append("  headers: { Authorization: `Bearer ${token}` },")
    else:
        body = json.dumps(request.body, indent=2, ensure_ascii=False).replace("\n", "\n  ")
        lines += [
            "  headers: {",
            "    Authorization: `Bearer ${token}`,",
            '    "Content-Type": "application/json",',
            "  },",
            f"  body: JSON.stringify({body}),",
        ]
    inside = "\n".join(lines)
    return (
        f"const answer = await fetch(`${{tocsin}}{request.path}`, {{\n{inside}\n}});\n"
        "if (!answer.ok) throw new Error((await answer.json()).message);"
    )


_LANGUAGES: tuple[tuple[str, str, Callable[[Request], str]], ...] = (
    ("curl", "curl", _curl),
    ("python", "Python", _python),
    ("javascript", "JavaScript", _javascript),
)
