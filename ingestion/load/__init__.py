"""Loading: batches into the warehouse, with the ledger, the rejects and the recovery of interrupted runs."""
