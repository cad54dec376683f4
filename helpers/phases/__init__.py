"""The rooms of the phases: one package per chapter, pure, none knowing another."""
