"""Running text and streams: each tag as soon as it is final, in constant memory.

Bytes are cut into tokens (cutter), these are scored (scorers), decoded (viterbi) and written (live), until the stream
ends or Ctrl-C comes (interrupt). Sentences of one text are tagged in the same way (texts).

Its face: `Live`, `TokenWriter`, `ColumnWriter`, `BLANK`, `LINE` (live); `Cut` (cutter); `follow` (interrupt);
`StreamTagger` (viterbi); `RunningText` (texts).
"""
