"""What holds for the whole repository, whoever writes in it."""
