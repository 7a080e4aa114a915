"""Keyed records that change in place: rows of the store database, objects of the support API."""
