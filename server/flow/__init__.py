"""The way of a dossier, a stage a file. Stages never import each other; the worker knows them."""
