"""What the ledger writes. Each verb is one transaction, or runs inside its caller's."""
