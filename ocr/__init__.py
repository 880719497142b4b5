"""Reads photos of papers: knows pictures, not dossiers. `python -m ocr read FILE` runs it alone."""
