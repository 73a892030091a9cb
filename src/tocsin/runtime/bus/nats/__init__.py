"""The bus between processes and machines: NATS JetStream."""
