"""The latest result of each tool, rendered for people. One module a tool, one registry line."""
