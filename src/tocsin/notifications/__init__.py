"""Who is told of what: destinations, deliveries, quiet time, escalation."""
