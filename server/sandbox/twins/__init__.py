"""Twins of the outside systems: their published message shapes, their delays and their failures.

The shapes are agreed in server/connectors/README.md.
"""
