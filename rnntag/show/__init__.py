"""All that a person looks at: scores, tagged sentences, the progress of a training, models, the page of an evaluation.

Its face: the modules `scores`, `description` and `page`; `TrainingDisplay`, `summary`, `runs_summary` (progress);
`raw_text` (description); `Painter` (painting); `console` (console); `Meter`, `has_place`, `apart` (meter).
"""
