"""Stories: raw records, and the expected rows of the published marts."""
