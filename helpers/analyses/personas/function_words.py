"""Words that only hold a sentence together, and names of files: they say nothing about a visitor.

A short list of our own for the languages of the reports and for French; a client adds more under
``personas.ignore_words``.
"""

FUNCTION_WORDS = frozenset(
    (
        "the and for of to in on at by with from your you our an is are "  # English
        "de het een en van voor met op te bij aan uit naar of onze je uw over "  # Dutch
        "der die das und fuer für mit von zu im am auf ein eine ihr "  # German
        "le la les et des du un une pour avec sur au aux nos vos "  # French
        "och att för med av på till ett den det om vi din "  # Swedish
        "index www html php home page default"  # names of files
    ).split()
)
