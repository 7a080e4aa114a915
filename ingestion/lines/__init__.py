"""Lines of landed files: Segment messages and advertising costs."""
