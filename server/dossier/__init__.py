"""Dossiers as pure data and rules: no input or output beyond this package's own files."""
