"""What strangers may do: hostile requests, other users of the machine, look-ups of tools."""
