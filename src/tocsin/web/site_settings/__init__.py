"""A site's settings as a form: each inherited from the team until the site sets its own."""
