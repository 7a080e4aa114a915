"""Stories: raw records as they arrive, and what the published marts must then say."""
