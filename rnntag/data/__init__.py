"""A sentence with its tags, how text is cut into tokens, and what tags mean: the plain data that every room shares."""
