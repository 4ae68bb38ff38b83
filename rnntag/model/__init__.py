"""A model: network, vocabularies, tags and weights as one thing, its file, and the network at work."""
