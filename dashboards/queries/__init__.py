"""The queries, a module for each page; each returns a table of pandas."""
