"""Patterns with `*`, matched in linear time whatever their author had in mind."""


def matches(pattern: str, text: str) -> bool:
    """Tell whether `text` matches as a whole; `*` stands for anything, also for nothing."""
    head, *rest = pattern.split("*")
    if not rest:
        return text == pattern
    *middle, tail = rest
    if not text.startswith(head):
        return False
    at = len(head)
    for piece in middle:
        found = text.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return len(text) - at >= len(tail) and text.endswith(tail)
