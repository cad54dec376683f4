"""The lists that leave the house: per channel, only the declared columns, released by a person or marked
DRAFT."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from helpers.core.wording import _, day
from helpers.phases.pilot.assignment import HOLDOUT
from helpers.phases.pilot.plan import Plan
from helpers.phases.pilot.settings import Settings, first_reachable_channel
from helpers.privacy import safe_xlsx

# Columns that the house adds to every list; the rest is declared per channel.
OWN_COLUMNS = ("release", "pilot_id", "treatment")
OF_PERSONS = ("customer_id", "person_id", "role")


@dataclass(frozen=True)
class TargetList:
    """One list for one channel.

    Parameters
    ----------
    channel : name of the channel.
    stem : file name without ending; starts with DRAFT until a person released it.
    released : whether a person did.
    frame : one row per person; the first column says on its face who released it, or DRAFT.
    missing : declared columns that the customer table does not have.
    """

    channel: str
    stem: str
    released: bool
    frame: pd.DataFrame
    missing: tuple[str, ...]


def is_released(settings: Settings, plan: Plan) -> bool:
    """Return whether a person released the lists of this pilot: a name, and a day not before the plan's date."""
    return bool(settings.approved_by.strip()) and settings.approved_on is not None and (settings.approved_on >= plan.as_of)


def release_mark(settings: Settings, plan: Plan) -> str:
    """Return what the first column of every list says."""
    if settings.approved_on is None or not is_released(settings, plan):
        return _("DRAFT – not released")
    return _("released by {who} on {when}").format(who=settings.approved_by, when=day(settings.approved_on))


def target_lists(assignment: pd.DataFrame, people: pd.DataFrame, plan: Plan, settings: Settings) -> tuple[TargetList, ...]:
    """Return one list per channel with the treated people who may be written to now.

    Parameters
    ----------
    assignment : as written; people left out of the treatment are on no list.
    people : who may be written to as of this round (``Result.recipients``), one row each; who is no longer eligible is on no
        list, though still in the assignment.
    plan : the plan the assignment belongs to.
    settings : section ``pilot`` of client.yml.
    """
    treated = assignment.loc[assignment["treatment"] != HOLDOUT, ["customer_id", "treatment"]]
    # The join leaves out who was treated on paper but may not be written to any more.
    now = people.drop(columns=["treatment"], errors="ignore").merge(treated, on="customer_id", how="inner")
    own_columns = (*OWN_COLUMNS, *OF_PERSONS) if "person_id" in now else OWN_COLUMNS
    now = (
        now.sort_values([name for name in ("customer_id", "person_id") if name in now])
        .reset_index(drop=True)
        .assign(pilot_id=plan.pilot_id)
    )
    now.insert(0, "release", release_mark(settings, plan))
    channel_names = first_reachable_channel(now, settings.channels)
    released = is_released(settings, plan)
    lists = []
    for channel in settings.channels:
        columns = [name for name in channel.columns if name in now and name not in own_columns]
        missing = tuple(name for name in channel.columns if name not in now)
        frame = now.loc[channel_names == channel.name, [*own_columns, *dict.fromkeys(columns)]].reset_index(drop=True)
        stem = "-".join(filter(None, ("" if released else "DRAFT", plan.pilot_id, _file_word(channel.name))))
        lists.append(TargetList(channel.name, stem, released, frame, missing))
    return tuple(lists)


def list_files(lists: Iterable[TargetList]) -> dict[str, pd.DataFrame | bytes]:
    """Return the files of the lists by name: each as a frame, for a CSV file, and as a workbook (xlsx)."""
    files: dict[str, pd.DataFrame | bytes] = {}
    for target_list in lists:
        files[f"{target_list.stem}.csv"] = target_list.frame
        files[f"{target_list.stem}.xlsx"] = safe_xlsx(target_list.frame)
    return files


def _file_word(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name.lower()).strip("-") or "list"
