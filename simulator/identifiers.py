"""Kinds of ownership of identifiers."""

OWN = "own"
SHARED = "shared"
MISTYPED = "mistyped"
PLACEHOLDER = "placeholder"
PUBLIC = "public"
