"""Leftovers of a killed process must not change the result of the next one."""
