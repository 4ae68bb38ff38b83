"""Formats of JSON objects: lines of them, arrays of them, and what they have in common."""
