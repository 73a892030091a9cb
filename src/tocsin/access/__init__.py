"""All authorisation."""
