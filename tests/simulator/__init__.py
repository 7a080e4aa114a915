"""Tests of the made-up retailer."""
