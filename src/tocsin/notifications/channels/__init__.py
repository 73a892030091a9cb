"""Where notifications can go, one file a channel: what is asked for, shown and sent."""
