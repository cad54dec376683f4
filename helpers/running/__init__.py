"""How rounds are run, resumed, spread and kept."""
