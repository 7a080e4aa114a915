"""A simulated omnichannel retailer that writes to the real inputs and keeps the truth next to them."""
