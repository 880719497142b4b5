"""Reads pictures of cards and codes. Knows nothing of dossiers."""
