"""What an identifier can be to the people who are known by it."""

OWN = "own"
SHARED = "shared"
MISTYPED = "mistyped"
PLACEHOLDER = "placeholder"
PUBLIC = "public"
