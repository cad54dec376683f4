"""What the second round of a sample needs from the first: who the workbook drew into which arm of the pilot.

The draw is the workbook's own (helpers.phases.pilot), made on the exports of the first round: so the exports that come back
later name the people whom the first round really treated. It is seeded and does not depend on any analysis, since the
pilots of these samples are balanced on spend and customer code alone.
"""

import sys
from datetime import date
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from helpers.phases import pilot  # noqa: E402
from helpers.client.config import load_client  # noqa: E402
from helpers.sources.customers import customer_table  # noqa: E402
from helpers.core.results import RunContext  # noqa: E402

SAMPLES = Path(__file__).resolve().parents[1]


def first_pilot(client: str, day: date, tables: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, pilot.Plan]:
    """Who is treated and who is left out in the pilot of a sample's first round, and its plan.

    `tables` are the canonical tables up to that day; the settings are those kept in rounds/<day>/client.yml.
    """
    config = load_client(SAMPLES / client / "rounds" / day.isoformat())
    frames = {**tables, "customer_table": customer_table(tables, day)}
    made = pilot.make(frames, config.pilot, RunContext(day, config.seed))
    return made.assignment, made.plan
