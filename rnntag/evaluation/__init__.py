"""Predicted tags against gold ones: scores, their intervals and tests, mistakes, reliability of probabilities.

Its face: `of_model`, `TaggerOptions` (of_model); `of_file` (of_file); `comparison`, `Comparison` (comparison);
`Scoring`, `MODES`, `INTENT_RULES` (scoring); `Result`, `Sections`, `ALL`, `with_sections`, `SHOWN` (results);
`score` (compare); `Scores`, `MEASURES`, `percent`, `right_intent` (counts); `fingerprint` (signature);
`Judged`, `judged_spans`, `judged_intents`, `Reliability` (reliability);
`Mistakes`, `Wrong`, `WrongFacts`, `IntentFacts`, `KINDS` (and `mistakes` as a whole); `Interval` (of `significance`).
"""
