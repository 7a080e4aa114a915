"""Tests of what amounts written as text mean."""
