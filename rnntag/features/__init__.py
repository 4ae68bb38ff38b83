"""Features of tokens: the table of them, their vocabularies, and tokens as rows of ids.

Its face: `Lexicon` (lexicon); `Vocabulary`, `UNKNOWN` (vocabulary); `frequent_bigrams` (neighbours); `word`, `fitting`,
`check`, `width`, `WORDS`, `AUTO`, `CHARACTERS`, `VECTOR`, `BIGRAMS`, `AFTER`, `OWN`, `POSITIONAL` (table).
"""
