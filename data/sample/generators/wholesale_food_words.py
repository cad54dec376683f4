"""The range of the made-up food wholesaler, and what which kitchen needs."""

# Product group: (shortest price in cents, names of its products). The margin follows from the group.
GROUPS = {
    "Groenten": (
        450,
        ("Tomaten kist", "Uien zak", "Paprika mix", "Sla krop", "Wortelen bos", "Champignons bak"),
    ),
    "Zuivel": (520, ("Room 35 procent", "Volle melk", "Roomboter", "Yoghurt emmer", "Geraspte kaas")),
    "Frisdrank": (890, ("Cola krat", "Limonade krat", "IJsthee tray", "Tonic krat")),
    "Schoonmaak": (1150, ("Vaatwasmiddel", "Ontvetter", "Allesreiniger", "Schuursponzen")),
    "Servetten": (980, ("Servetten wit", "Servetten zwart", "Tafelrol", "Placemats")),
    "Pasta": (640, ("Spaghetti", "Penne", "Tagliatelle", "Lasagnevellen", "Gnocchi")),
    "Tomatensaus": (720, ("Passata", "Gepelde tomaten", "Pizzasaus", "Arrabbiata")),
    "Olijfolie": (2450, ("Olijfolie extra", "Olijfolie mild", "Truffelolie")),
    "Italiaanse kaas": (3150, ("Mozzarella", "Parmezaan", "Gorgonzola", "Ricotta")),
    "Antipasti": (1480, ("Olijven", "Artisjokharten", "Zongedroogde tomaten")),
    "Italiaanse wijn": (3900, ("Chianti doos", "Pinot grigio doos", "Prosecco doos")),
    "Pizzabodems": (1650, ("Pizzabodem", "Pizzadeeg bollen", "Focaccia")),
    "Rijst": (1850, ("Jasmijnrijst", "Basmatirijst", "Sushirijst")),
    "Noedels": (940, ("Eiermie", "Rijstnoedels", "Udon")),
    "Sojasaus": (1120, ("Sojasaus licht", "Sojasaus donker", "Vissaus", "Oestersaus")),
    "Oosterse kruiden": (860, ("Currypasta rood", "Currypasta groen", "Gember", "Citroengras")),
    "Kokosmelk": (990, ("Kokosmelk blik", "Kokoscreme", "Kokoswater")),
    "Tofu en tempe": (1040, ("Tofu naturel", "Tempe", "Tofu gerookt")),
    "Aziatische snacks": (2150, ("Loempia", "Gyoza", "Dim sum mix")),
    "Rundvlees": (4800, ("Entrecote", "Gehakt", "Stoofvlees", "Hamburger")),
    "Friet": (1380, ("Friet vers", "Friet diepvries", "Kroketten")),
    "Frituurvet": (2900, ("Frituurvet blok", "Frituurolie bidon")),
    "Bier": (3250, ("Pils vat", "Tripel krat", "Witbier krat", "Alcoholvrij krat")),
    "Mosterd en mayonaise": (1260, ("Mayonaise emmer", "Mosterd emmer", "Ketchup emmer", "Tartaar emmer")),
    "Verse vis": (5200, ("Zalmfilet", "Kabeljauw", "Zeebaars", "Tong")),
    "Schaaldieren": (4600, ("Garnalen", "Mosselen zak", "Kreeft", "Krab")),
    "Vissauzen": (1320, ("Visfumet", "Cocktailsaus", "Bisque")),
    "Witte wijn": (3600, ("Sauvignon doos", "Chardonnay doos", "Muscadet doos")),
    "Koffiebonen": (2750, ("Espressobonen", "Filterkoffie", "Decafe bonen")),
    "Gebak": (1950, ("Cheesecake", "Brownie", "Appeltaart", "Croissant")),
    "Thee": (1180, ("Groene thee", "Muntthee", "Zwarte thee")),
    "Siropen": (1290, ("Karamelsiroop", "Vanillesiroop", "Hazelnootsiroop")),
    "Plantaardige melk": (1540, ("Haverdrank", "Amandeldrank", "Sojadrank")),
    "Bekers": (1670, ("Koffiebeker", "Deksels", "Rietjes papier")),
}
EVERYBODY = ("Groenten", "Zuivel", "Frisdrank", "Schoonmaak", "Servetten")
KITCHENS = {
    "Italiaans": (
        150,
        (
            "Pasta",
            "Tomatensaus",
            "Olijfolie",
            "Italiaanse kaas",
            "Antipasti",
            "Italiaanse wijn",
            "Pizzabodems",
        ),
    ),
    "Aziatisch": (
        120,
        (
            "Rijst",
            "Noedels",
            "Sojasaus",
            "Oosterse kruiden",
            "Kokosmelk",
            "Tofu en tempe",
            "Aziatische snacks",
        ),
    ),
    "Brasserie": (160, ("Rundvlees", "Friet", "Frituurvet", "Bier", "Mosterd en mayonaise", "Witte wijn")),
    "Vis": (90, ("Verse vis", "Schaaldieren", "Vissauzen", "Witte wijn", "Friet", "Olijfolie")),
    "Koffiebar": (100, ("Koffiebonen", "Gebak", "Thee", "Siropen", "Plantaardige melk", "Bekers")),
}
TOWNS = (
    ("1000", "Brussel"),
    ("9000", "Gent"),
    ("2000", "Antwerpen"),
    ("3000", "Leuven"),
    ("9300", "Aalst"),
    ("2800", "Mechelen"),
    ("8000", "Brugge"),
    ("3500", "Hasselt"),
)
# Bought together on purpose: product of the first group, product of the second, chance in one order.
TOGETHER = (
    ("Spaghetti", "Passata", 0.62),
    ("Espressobonen", "Karamelsiroop", 0.58),
    ("Zalmfilet", "Muscadet doos", 0.55),
    ("Hamburger", "Ketchup emmer", 0.60),
)
