"""Tests of the simulated retailer."""
