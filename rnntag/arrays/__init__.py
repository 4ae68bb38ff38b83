"""Arrays of numbers and what is done to them: the engine, ragged batches, parameters, working memory.

Its face: the module `engine`, and `Engine` (engine); `Array`, `Batch`, `WindowBatch`, `Spelled`, `by_length`,
`windows`, `spelled` (ragged); `Parameters`, `Shapes`, `LANES`, `glorot`, `orthogonal` (parameters); `Workspace`,
`pack` (workspace); `one_thread` (blas).
"""
