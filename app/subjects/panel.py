"""What a visit's page shows of receipts and requests."""
