"""Outcomes of a test as tools export them: everybody, with a 0 or 1, and a moment and an amount of those who converted only."""

from __future__ import annotations

from pathlib import Path

import numpy as np


def write_everybody(folder: Path, seed: int, people: int = 1_200, one_file: bool = False) -> int:
    """Write who was put in which arm and what came of everybody, in two files or one; return how many converted."""
    rng = np.random.default_rng([seed, 13])
    assigned, outcomes = ["user_id,variant,assigned_at"], ["user_id,converted,converted_at,revenue"]
    together = ["user_id,variant,assigned_at,converted,converted_at,revenue"]
    did = rng.random(people) < 0.12
    for n in range(people):
        day, arm = f"2024-05-{1 + n % 28:02}", ("control", "new")[int(rng.random() < 0.5)]
        result = f"{int(did[n])},{f'2024-06-{1 + n % 28:02}' if did[n] else ''},{f'{rng.gamma(2, 20):.2f}' if did[n] else ''}"
        assigned.append(f"U{n:05},{arm},{day}")
        outcomes.append(f"U{n:05},{result}")
        together.append(f"U{n:05},{arm},{day},{result}")
    files = {"test.csv": together} if one_file else {"assignments.csv": assigned, "conversions.csv": outcomes}
    for name, lines in files.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return int(did.sum())
