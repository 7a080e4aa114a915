"""The stories that the marts cannot tell yet, by name, and why; one that passes must come off the list."""

NOT_YET: dict[str, str] = {}
