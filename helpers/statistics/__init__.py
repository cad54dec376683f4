"""Statistics that several rooms share: each once, with its source; no business words."""
