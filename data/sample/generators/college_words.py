"""The pages of the made-up college, and who looks at which of them."""

from dataclasses import dataclass

COMMON = (
    "/",
    "/",
    "/contact",
    "/over-ons",
    "/campussen/brussel",
    "/campussen/gent",
    "/campussen/aalst",
    "/nieuws",
    "/zoeken",
)
PLACES = ("Brussel", "Gent", "Aalst", "Leuven", "Antwerpen", "Mechelen", "Dendermonde", "Halle")
CONVERTS = {
    "brochure_download": "brochure",
    "inschrijvingsaanvraag": "inschrijving",
    "contactaanvraag": "bericht",
}


@dataclass(frozen=True)
class Kind:
    """One kind of visitor: its pages, its words, its hours, its devices, and how many convert."""

    name: str
    visitors: int
    pages: tuple[str, ...]
    words: tuple[str, ...]
    hours: tuple[int, ...]
    weekend: float
    devices: tuple[float, float, float]
    campaigns: tuple[tuple[str, str], ...]
    converts: float
    outcomes: tuple[str, ...]


KINDS = (
    Kind(
        "Generatiestudent",
        430,
        (
            "/opleidingen/bachelor/verpleegkunde",
            "/studiekeuze/infodagen",
            "/studentenleven/onthaaldagen",
            "/opleidingen/bachelor/lager-onderwijs",
            "/studiekeuze/openlesdagen",
            "/studentenleven/op-kot",
            "/opleidingen/bachelor/toegepaste-informatica",
            "/opleidingen/bachelor/sociaal-werk",
            "/opleidingen/bachelor/bedrijfsmanagement",
            "/studiekeuze/brochure-aanvragen",
            "/studentenleven/sport-en-cultuur",
        ),
        ("bachelor", "studiekeuze", "studentenleven", "infodagen", "onthaaldagen"),
        (15, 16, 17, 18, 19, 20, 20, 21, 21, 22),
        0.9,
        (0.78, 0.16, 0.06),
        (("instagram", "social"), ("tiktok", "social")),
        0.13,
        ("brochure_download", "inschrijvingsaanvraag"),
    ),
    Kind(
        "Zij-instromer",
        330,
        (
            "/werken-en-studeren/avondonderwijs",
            "/verkorte-trajecten/leraar-secundair",
            "/werken-en-studeren/afstandsleren",
            "/vrijstellingen/eerder-verworven-competenties",
            "/werken-en-studeren/opleidingsverlof",
            "/verkorte-trajecten/verpleegkunde-brugprogramma",
            "/verkorte-trajecten/graduaat-programmeren",
            "/vrijstellingen/diploma-buitenland",
            "/postgraduaat/toegelaten-met-ervaring",
        ),
        ("avondonderwijs", "afstandsleren", "verkorte", "trajecten", "vrijstellingen"),
        (12, 18, 19, 20, 20, 21, 21, 22, 22, 23),
        0.7,
        (0.38, 0.5, 0.12),
        (("google", "cpc"), ("vdab", "verwijzing")),
        0.19,
        ("brochure_download", "inschrijvingsaanvraag"),
    ),
    Kind(
        "Personeelslid",
        250,
        (
            "/personeel/webmail",
            "/personeel/lesrooster",
            "/personeel/zaalreservatie",
            "/personeel/onkostennota",
            "/personeel/verlof-aanvragen",
            "/personeel/toledo-handleiding",
            "/personeel/examenrooster",
            "/personeel/hr-loket",
        ),
        ("personeel", "webmail", "lesrooster", "onkostennota", "zaalreservatie"),
        (7, 8, 8, 9, 9, 10, 11, 13, 14, 15, 16),
        0.05,
        (0.12, 0.85, 0.03),
        (),
        0.0,
        ("brochure_download",),
    ),
    Kind(
        "Bedrijf",
        220,
        (
            "/bedrijven/stageplaats-aanbieden",
            "/bedrijven/jobbeurs",
            "/onderzoek/samenwerken",
            "/bedrijven/opleiding-op-maat",
            "/bedrijven/onderzoeksproject",
            "/onderzoek/expertisecentra",
            "/bedrijven/bijscholing-medewerkers",
            "/bedrijven/vacature-plaatsen",
        ),
        ("bedrijven", "stageplaats", "jobbeurs", "onderzoek", "samenwerken"),
        (8, 9, 9, 10, 10, 11, 13, 14, 15, 16),
        0.04,
        (0.15, 0.82, 0.03),
        (("linkedin", "social"), ("nieuwsbrief", "email")),
        0.07,
        ("contactaanvraag",),
    ),
)
