"""Audiences: who is in them, and what arrives at a destination that fails at times."""
