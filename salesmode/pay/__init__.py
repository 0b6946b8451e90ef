"""Commission: plans, a ledger that explains every cent, statements."""
