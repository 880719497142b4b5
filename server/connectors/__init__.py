"""One outside system a file; the messages and their errors are in README.md beside this."""
