"""Stories: one function for each, from the first act to the outcome."""
