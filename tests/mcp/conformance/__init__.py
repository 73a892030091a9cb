"""The official conformance suite against our gate, our transport and our server."""
