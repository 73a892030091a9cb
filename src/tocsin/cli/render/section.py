"""One tool's part of the report: a headline, and what belongs to it, a label and a value a line."""

from dataclasses import dataclass, field

from rich.text import Text

from tocsin.cli.render.text import plain


@dataclass(slots=True)
class Section:
    """What is told of one tool."""

    headline: Text = field(default_factory=Text)
    lines: list[tuple[str, Text]] = field(default_factory=list)

    def add(self, label: str, value: object, style: str = "") -> None:
        """Add a line, unless there is nothing to say."""
        if isinstance(value, Text):
            self.lines.append((label, value))
        elif value not in (None, ""):
            self.lines.append((label, plain(value, style)))
