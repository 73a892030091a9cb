"""Examples of the description, built from the very structs that are answered."""
