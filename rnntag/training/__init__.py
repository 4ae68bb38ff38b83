"""A corpus becomes a model: batches, gradients, updates, epochs, several seeds."""
