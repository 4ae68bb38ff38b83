"""What Python is offered besides `rnntag.train`: a tagger, text under its tags, an evaluation; light until it is used.

Its face: `Tagger` (tagger); `start` (start); `Plan`, `checked`, `trained` (training); `TaggedText`, `TextSpan`,
`TextToken` (text); `Evaluation`, `evaluated` (evaluation).
"""
