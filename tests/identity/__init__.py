"""Identity: merge stories, random records against a brute-force oracle, and the registry of ids."""
