"""The contract's resources (section 4) as JSON: what every face that answers programs shows."""
