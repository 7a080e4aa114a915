"""Audiences: their members, and what arrives at a destination that sometimes fails."""
