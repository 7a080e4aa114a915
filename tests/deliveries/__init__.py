"""The marts do not depend on the delivery: in one go or in pieces, in any order, with repeats."""
