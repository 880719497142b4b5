"""Makes the line model: invented lines and cards, their wear, the training and its measures.

Never imported by what reads pictures for people. `python -m ocr.training --help`.
"""
