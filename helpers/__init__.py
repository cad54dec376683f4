"""The AIM workbook: everything the notebooks compute, read, draw and say.

Imports point one way: core; then tables; statistics and privacy; story and charts; the analyses and the
phases; then ``workbook``, client, sources, report and running; then ``notebook``; last the commands.
"""

__version__ = "0.1.0"
