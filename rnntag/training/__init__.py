"""A corpus becomes a model: encoding, batches, gradients, updates, epochs, several seeds.

Its face: `Job` (job); `train` (trainer); `Checkpoint` (checkpoint); `KeptRuns`, `Kept`, `place_beside`,
`kept_beside` (kept_runs); `interruptible` (interrupt); `keep`, `is_worth_keeping` (keeping); `train_several`, `seeds`,
`best`, `spreads` (runs); `Recipe`, `INTENTS` (recipe); `settings`, `task_beside` (warm_start); `Listener`, `Notice`,
`Reporter` (listener); `Report`, `Step`, `Epoch`, `RunEpoch`, `RunDone`, `RunFailed` (reports).
"""
