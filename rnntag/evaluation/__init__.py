"""Predicted tags against gold ones: scores, their intervals and tests, mistakes, reliability of probabilities.

Its face: `of_files`, `as_trained`, `TaggerOptions` (of_model); `of_file`, `of_tagged` (of_file); `comparison`,
`Comparison`, `model_or_tagged` (comparison); `Scoring`, `MODES`, `INTENT_RULES` (scoring); `Result`, `Sections`, `ALL`,
`with_sections`, `with_intervals`, `SHOWN` (results); `score` (compare); `Scores`, `Counts`, `IntentCounts`, `Macro`,
`macro`, `MEASURES`, `percent`, `right_intent` (counts); `fingerprint` (signature); `Judged`, `judged_spans`,
`judged_intents`, `Reliability` (reliability); `Mistakes`, `Wrong`, `WrongFacts`, `IntentFacts`, `KINDS` (and `mistakes`
as a whole); `Interval`, `Intervals`, `rounded` (of `significance`).
"""
