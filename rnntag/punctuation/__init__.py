"""Ordinary text as training data for its own punctuation, and text with the marks that tags stand for.

Its face: `Task`, `TASKS`, `PUNCTUATION`, `SENTENCES`, `without_signs` (task); `Marks`, `NONE`, `END`, `FINAL`,
`FORM_OF`, `meaning`, `is_punctuation`, `puts_marks`, `says_nothing`, `check_tags` (marks); `Restorer`, `ENGLISH`
(restorer); `SIGNS`, `OPENING`, `CLOSING`, `STRAIGHT` (signs).
"""
