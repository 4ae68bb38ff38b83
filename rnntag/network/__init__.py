"""From ids to tag scores and back: layers of cells, decoders and their losses, forward and backward pass."""
