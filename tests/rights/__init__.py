"""A person's rights: erased data are gone from every file, and nothing else is."""
