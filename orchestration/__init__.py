"""Orchestration: the only package that knows Dagster. It imports the others and is imported by none."""
