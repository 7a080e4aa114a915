"""The channels of the retailer; each writes records like the system of that channel."""
