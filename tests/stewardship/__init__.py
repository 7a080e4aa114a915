"""What a data steward asks of the identity graph."""
