"""A sentence with its tags, how text is cut into tokens, and what tags mean: the plain data that every room shares.

Its face: `Sentence`, `Span`, `Certainty` (sentence); `Scheme`, `SCHEMES`, `detect`, `detect_from`, `named`, `split`,
`Transition`, `transitions`, `OPEN`, `SPAN_PREFIXES`, `CASES`, `CAPITAL`, `CAPITALS` (bio); `check`, `check_known`,
`faults`, `number_of_faults`, `ill_formed`, `mended` (bio_check); `Cut`, `Offsets`, `tokens_of`, `cut`, `located`,
`joined`, `tight_sign`, `EAST`, `LETTERS`, `UNSPACED` (tokenisation); `Tokeniser`, `Lesson` (tokeniser);
`as_written` (detokeniser).
"""
