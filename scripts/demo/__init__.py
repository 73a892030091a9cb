"""A Tocsin to look at: forty sites on this machine, in all states, with ninety days of history."""
