"""The trial: invented people and papers, twins of the outside systems, a device in Python.

Nothing here runs unless the sandbox is on, and everything it makes carries a mark.
"""
