"""Pages. Each parses, calls one query or action, renders."""
