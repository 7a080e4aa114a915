"""What every package shares that reads or writes data: DuckDB with limits, quoted SQL, locks on files."""
