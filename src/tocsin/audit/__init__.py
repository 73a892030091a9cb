"""Who did what, with which credential."""
