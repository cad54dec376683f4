"""The environment variables under which every notebook runs, whatever engine runs it."""

# One thread each: notebooks already run side by side, and two threads on two busy cores made K-Means ten
# times slower. The hash seed makes the order of sets the same in every run.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
