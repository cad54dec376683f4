"""mypy over helpers/: no mistake in the rooms that others build on; elsewhere no more than .ci/types.txt says, and never more."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RATCHET = ROOT / ".ci" / "types.txt"
STRICT = ("core", "tables", "statistics", "privacy", "sources", "running")


def main() -> int:
    """Compare today's mistakes with the ratchet; `--write` lowers it to what is left."""
    said = subprocess.run([sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True).stdout
    mistakes = [line for line in said.splitlines() if re.match(r"helpers/\S+:\d+: error:", line)]
    found = Counter(line.split(":")[0] for line in mistakes)
    allowed = {}
    for line in RATCHET.read_text(encoding="utf-8").splitlines():
        file, count = line.split()
        allowed[file] = int(count)
    worse = {file for file, count in found.items() if count > allowed.get(file, 0) or file.split("/")[1] in STRICT}
    better = {file for file, count in allowed.items() if found[file] < count}
    if "--write" in sys.argv and not worse:
        RATCHET.write_text("".join(f"{file} {count}\n" for file, count in sorted(found.items())), encoding="utf-8")
        return 0
    for line in mistakes:
        if line.split(":")[0] in worse:
            print(line)
    for file in sorted(better):
        print(f"{file}: {found[file]} mistakes left of {allowed[file]}: lower the ratchet with python .ci/type_mistakes.py --write")
    return int(bool(worse or better or not said))


if __name__ == "__main__":
    sys.exit(main())
