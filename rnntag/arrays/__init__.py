"""Arrays of numbers and what is done to them: the engine, ragged batches, parameters, working memory."""
