"""The API's description as people read it: on its page, as Markdown and in Postman."""
