"""What the ledger decides, as pure functions of plain data and a moment."""
