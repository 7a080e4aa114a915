"""Suites and verdicts, on real DuckDB files."""
