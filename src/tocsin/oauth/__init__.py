"""The authorisation server for MCP clients: registration, consent, grants, discovery."""
