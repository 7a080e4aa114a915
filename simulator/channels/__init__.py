"""The channels on which people meet the retailer: each leaves its records as that channel's system does."""
