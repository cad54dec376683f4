"""The execution engine: notebooks run in children forked from a process that has done the imports."""
