"""Corpora: which sentences train, which decide when to stop, which are scored, and what looks wrong with them.

Its face: `corpora`, `Corpora`, `gold`, `Corpus`, `Path`, `texts`, `as_taught`, `hold_out`, `discard` (splits);
`is_folder_of_parts`, `parts_of` (folders); `Cutting`, `cutting`, `cut_as_before` (cutting); `checked`, `tags_of`,
`unknown_tags`, `several_intents` (warnings); `well_formed`, `scheme_beside`, `gathered`, `MENDING` (schemes);
`recognised`, `check_named`, `with_plain_none` (mark_tags); `pretrained` (vectors); `Vectors` (vector_files);
`trained_on`, `read_gazetteers`, `without_match`, `Names` (gazetteers); `opening_labels`, `DOCUMENT`, `FEW`, `TORN`
(tally).
"""
