"""Dossiers as pure data and rules: no input or output beyond this package's own files.

Shape: schema (submission.schema.json, upcasters). Rules by filing date: triage, classes,
certificate, fees, calendar, deadlines; formats and persons for single values; readings for typed
against read; checks puts them together as `validate_answers`. Life: states, codes. Words: findings.
Everything dated is a row in data/*.json, which the phone imports too; consistency finds its faults.
To change a rule: close the old row, add the new one, add its vectors.
"""
