"""The whole pipeline in one process, for tests that look at what comes out: stories and end-to-end runs."""
