"""A believable province to look at: the same seed gives the same names, scores and states."""
