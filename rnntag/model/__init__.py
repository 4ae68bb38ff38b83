"""Models: spec, vocabularies, weights and record as one thing, its file, and its scores once training is over.

Its face: `Model` (model); `Record`, `Temperatures` (record); `load_model`, `save_model`, `load_checkpoint`,
`read_model`, `model_bytes`, `model_of`, `TrainingState` (file); `Inference`, `TypedTokens`, `States` (inference).
"""
