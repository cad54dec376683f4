"""The AIM workbook: everything the notebooks compute, read, draw and say.

Imports point one way: errors, results and wording first; then tables; the rooms of the
six phases and the analyses; then ``phases``, ``config``, ``sources``, ``customers``; then
``runs``, ``notebook``, ``runner`` and ``report``; last the command in ``__main__``.
"""

__version__ = "0.1.0"
