"""What a process that is killed leaves behind must not show in what the next one ends with."""
