"""The network: from ids to tag scores and intents, their losses, and the gradients of all parameters.

Its face: `Network` (network); `Spec`, `CELLS`, `DECODERS`, `DIRECTIONS`, `from_dict`, `one_of`, `within` (spec); `Run`
(run); `Inputs`, `Tokens`, `Gold`, `Reach`, `Noise` (inputs); `Objective` (losses); `Legal`, `Transitions` (decoders);
`State` (cells).
"""
