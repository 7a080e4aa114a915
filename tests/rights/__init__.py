"""A person's rights: what is erased is gone from every file, and nothing else is."""
