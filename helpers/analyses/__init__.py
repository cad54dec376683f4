"""One analysis each, none knowing another; what they share stands beside them."""
