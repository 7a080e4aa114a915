"""Who is who: merge stories, random records against a brute-force oracle, and the memory of ids."""
