"""Publishing: real DuckDB files, a real second process that reads them."""
