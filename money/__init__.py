"""Amounts of money as people and programs write them: read, or known to be unreadable. Knows no other package."""
