"""Reads amounts of money as people and programs write them, or rejects them. Imports no other package."""
