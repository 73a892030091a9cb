"""One attempt to hand a message over, by HTTP or by mail, and how it ended."""
