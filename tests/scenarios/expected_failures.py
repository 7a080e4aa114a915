"""The stories that are expected to fail, by name, with the reason; one that passes must be removed here."""

NOT_YET: dict[str, str] = {}
