"""The three answers to "may we?" that several analyses give in the same words."""

from dataclasses import dataclass

from helpers.core.results import Gate, Verdict
from helpers.core.wording import _


@dataclass(frozen=True)
class GateBuilder:
    """What every answer to one question carries.

    Parameters
    ----------
    needs : what the analysis needs, in words with numbers.
    has : what this client has, in words with numbers.
    instead : the simpler thing that is allowed where the answer is not go.
    """

    needs: str
    has: str
    instead: str

    def not_yet(self, reason: str, unlock: str) -> Gate:
        """Return a closed gate.

        Parameters
        ----------
        reason : one sentence that gives the ground; unlock : what (number or date) would open it.
        """
        return Gate(Verdict("not_yet", _("not yet")), self.needs, self.has, reason, unlock, self.instead)

    def with_care(self, reason: str, unlock: str, detectable: str) -> Gate:
        """Return an open gate with a caution.

        Parameters
        ----------
        reason, unlock : as for ``not_yet``; detectable : what could be seen on the client's own data, as a sentence.
        """
        return Gate(Verdict("caution", _("with care")), self.needs, self.has, reason, unlock, self.instead, detectable)

    def go(self, reason: str, detectable: str, word: str = "") -> Gate:
        """Return an open gate.

        Parameters
        ----------
        reason, detectable : as for ``with_care``; word : of the verdict, where it is not "go".
        """
        return Gate(Verdict("go", word or _("go")), self.needs, self.has, reason, detectable=detectable)
