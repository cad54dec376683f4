"""The words of the sample client 'office-interiors': articles, towns, kinds of customers, kinds of contacts.

Customers are named by what they do plus a number. No real firm or person is meant.
"""

# code, article group, list price in euro; the last one serves amounts too small for anything else
ARTICLES = [
    ("BU-110", "Bureaus", 420),
    ("BU-120", "Bureaus", 690),
    ("BU-210", "Bureaus", 1150),
    ("BU-300", "Bureaus", 2400),
    ("ZI-105", "Zitmeubilair", 95),
    ("ZI-110", "Zitmeubilair", 210),
    ("ZI-220", "Zitmeubilair", 480),
    ("ZI-330", "Zitmeubilair", 890),
    ("KA-100", "Kasten", 160),
    ("KA-210", "Kasten", 390),
    ("KA-310", "Kasten", 820),
    ("AK-100", "Akoestiek", 75),
    ("AK-200", "Akoestiek", 340),
    ("AK-400", "Akoestiek", 3900),
    ("VE-100", "Verlichting", 60),
    ("VE-200", "Verlichting", 185),
    ("SE-200", "Service", 550),
    ("SE-300", "Service", 1800),
    ("SE-100", "Service", 35),
]

# postcode, town, language of the customer
TOWNS = [
    ("9000", "Gent", "N"),
    ("2000", "Antwerpen", "N"),
    ("3000", "Leuven", "N"),
    ("8500", "Kortrijk", "N"),
    ("8000", "Brugge", "N"),
    ("3500", "Hasselt", "N"),
    ("2800", "Mechelen", "N"),
    ("9300", "Aalst", "N"),
    ("3600", "Genk", "N"),
    ("1000", "Brussel", "N"),
    ("4000", "Liège", "F"),
    ("5000", "Namur", "F"),
    ("7100", "La Louvière", "F"),
    ("1300", "Wavre", "F"),
    ("1000", "Bruxelles", "F"),
    ("1400", "Nivelles", "F"),
]

# what the customer is, and the sector the CRM would give if somebody filled it in
BUSINESS = {
    "N": [
        ("Architectenbureau", "Kantoor"),
        ("Advocatenkantoor", "Kantoor"),
        ("Boekhoudkantoor", "Kantoor"),
        ("Studiebureau", "Kantoor"),
        ("Verzekeringsmakelaar", "Kantoor"),
        ("Softwarehuis", "Kantoor"),
        ("Groepspraktijk", "Zorg"),
        ("Woonzorgcentrum", "Zorg"),
        ("Basisschool", "Opleiding"),
        ("Opleidingscentrum", "Opleiding"),
        ("Gemeentedienst", "Overheid"),
        ("Vergadercentrum", "Horeca"),
    ],
    "F": [
        ("Bureau d'études", "Kantoor"),
        ("Étude notariale", "Kantoor"),
        ("Société de conseil", "Kantoor"),
        ("Cabinet médical", "Zorg"),
        ("École primaire", "Opleiding"),
        ("Centre de réunion", "Horeca"),
    ],
}
PRIVATE = {"N": ("Particulier", "Particulier"), "F": ("Privé", "Particulier")}

CONTACT_TYPES = ["Bezoek", "Telefoon", "E-mail", "Showroom", "Beurs"]
# sales staff visit whom they rate highly: chance of each contact type by potential code
MIX_BY_CODE = {
    "A": [0.38, 0.27, 0.23, 0.08, 0.04],
    "B": [0.32, 0.30, 0.25, 0.09, 0.04],
    "C": [0.18, 0.36, 0.30, 0.13, 0.03],
    "D": [0.06, 0.30, 0.28, 0.34, 0.02],
    "": [0.20, 0.33, 0.30, 0.14, 0.03],
}
