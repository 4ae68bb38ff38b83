"""Features of tokens: the table of them, their vocabularies, and tokens as rows of ids.

Its face: `Lexicon` (lexicon); `Shown` (keys); `Vocabulary`, `UNKNOWN` (vocabulary); `frequent_bigrams` (neighbours);
`Gazetteer`, `Finder`, `OPENING` (gazetteer); the module `table`, and `word`, `fitting`, `gazetteer`, `GAZETTEER`,
`WORDS`, `CHARACTERS`, `VECTOR`, `POSITIONAL` (table).
"""
