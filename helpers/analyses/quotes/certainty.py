"""How sure the chances are, and how they were computed."""

from helpers.analyses.quotes.result import Quotes
from helpers.core.results import Verdict
from helpers.core.wording import _, between, number
from helpers.story import HowSure


def verdict(result: Quotes) -> Verdict:
    """Return how far the chances can be trusted: by whether anything tells quotes apart by more than luck."""
    if result.hides_losses:
        return Verdict("caution", _("losses not recorded"))
    differs = result.profile["stands_out"].any()
    return Verdict("go", _("more than luck")) if differs else Verdict("caution", _("nothing tells them apart"))


def how_sure(result: Quotes) -> HowSure:
    """Return method, checks and limits."""
    method = [
        _("Rates rest on quotes asked at least {days} days ago: of younger ones only the quick decisions are known."),
        _("That is the age by which nearly all decided quotes were decided; a quote still open then counts as probably lost."),
        _("Groups are compared by a score test with customers as clusters, corrected for the number of comparisons (Holm)."),
        _("The model is a logistic regression on amount and on new or existing; it is used where it beats both simple rules."),
        _("Contacts are those of two weeks after asking, for quotes open at their end; hours are compared at equal time to decision."),
    ]
    method = [text.format(days=number(result.quality["mature_days"])) for text in method]
    limits = [
        _("Existing means ordered before asking, in these data; in the first year of orders nobody is called new."),
        _("Effort and success going together shows no cause: who sees a quote go well may give it more time."),
    ]
    return HowSure({_("Method"): method, _("Checks"): _checks(result), _("Limits"): [*result.notes, *limits]})


def _checks(result: Quotes) -> list[str]:
    rules = {"average": _("the same chance for all"), "relation": _("the chance of new or of existing customers")}
    text = _("On {n} later quotes the model's log loss is {ahead} below that of {rule} ({range}); its Brier score {brier} ({brier_range}).")
    checks = []
    for row in result.judgement.scores[1:].itertuples():
        values = [number(value, 3) for value in (row.log_loss_lead, row.log_loss_low, row.log_loss_high)]
        brier = [number(value, 3) for value in (row.brier_lead, row.brier_low, row.brier_high)]
        ranges = {"range": between(*values[1:]), "brier_range": between(*brier[1:])}
        checks.append(text.format(n=number(result.judgement.judged), ahead=values[0], brier=brier[0], rule=rules[row.method], **ranges))
    return checks or [_("There are too few quotes to judge a model on later ones.")]
