"""The MCP server: tools, resources and prompts for AI clients. A face: no rules here."""
