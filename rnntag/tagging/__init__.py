"""Sentences in, tags out: best paths, probabilities, n-best lists, forced tags, running text.

Its face: `Tagger` (tagger); `Request`, `TAGS`, `ALONE` (request); `Scorer` (scorer); `Recalibrator` (confidence);
`with_forced_spans` (forced); `unfamiliar`, `left_alone` (unfamiliar); of running text `Live`, `TokenWriter`,
`ColumnWriter`, `BLANK`, `LINE` (streaming.live), `follow` (streaming.interrupt).
"""
