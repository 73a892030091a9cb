"""The description of version 1: OpenAPI 3.1, made from the handlers, their guards and shapes."""
