"""The JSON interface under `/api`: one HTTP noun a file."""
