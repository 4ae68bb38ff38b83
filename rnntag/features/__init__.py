"""What a token shows the network: features, their vocabularies, and tokens as rows of ids."""
