"""Raw web logs and exports → the clean form of ``tables.web``."""
