"""A simulated omnichannel retailer that writes to the real inputs and stores the truth next to them."""
