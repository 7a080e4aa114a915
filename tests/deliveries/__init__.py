"""However records are delivered, the marts are the same: in one go or in pieces, in any order, with repeats."""
