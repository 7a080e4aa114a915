"""The whole pipeline in one process, for stories and end-to-end tests."""
