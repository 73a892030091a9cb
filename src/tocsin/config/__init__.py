"""Settings from the environment; wires everything together."""
