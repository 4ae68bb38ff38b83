"""Corpora: which sentences train, which decide when to stop, which are scored, and what looks wrong with them.

Its face: `training_pair`, `gold`, `Corpus`, `Path`, `texts`, `discard` (splits); `Cutting`, `cutting` (cutting);
`checked`, `tags_of`, `unknown_tags` (warnings); `pretrained` (vectors); `Vectors` (vector_files); `trained_on`,
`read_gazetteers`, `without_match`, `Names` (gazetteers); `opening_labels`, `DOCUMENT`, `FEW`, `TORN` (tally).
"""
