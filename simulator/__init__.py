"""A simulated omnichannel retailer that writes to the real inputs and keeps the truth beside them."""
