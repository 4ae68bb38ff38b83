"""Formats of JSON objects: lines of them, arrays of them, and what they have in common.

Its face is the table of `rnntag.formats`, which names the readers and writers of `jsonl`, `doccano` and `label_studio`.
"""
