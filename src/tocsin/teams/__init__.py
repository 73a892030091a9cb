"""Teams, memberships, plans."""
