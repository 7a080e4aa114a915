"""Input that fights back, made up by Hypothesis: all of it is loaded, a duplicate or a reject, and nothing else."""
