"""The whole pipeline, from raw inputs to published marts."""
