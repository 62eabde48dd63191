"""Estonia."""

from salestui.demo.words.country import Country, places, surnames, trades, words

ESTONIA = Country(
    code="EE",
    name="Estonia",
    domain="ee",
    dial="+372 5### ####",
    postal="*###",
    vat="EE10#######",
    registration="1#######",
    street="{street} {number}",
    company="{owner} {trade}",
    legal_forms=("OÜ", "OÜ", "AS"),
    places=places(
        ("Tallinn", "Harjumaa", "10"),
        ("Tartu", "Tartumaa", "51"),
        ("Pärnu", "Pärnumaa", "80"),
        ("Jõhvi", "Ida-Virumaa", "41"),
        ("Viljandi", "Viljandimaa", "71"),
        ("Võru", "Võrumaa", "65"),
    ),
    owners=words("Põhja, Lõuna, Emajõe, Pärnu, Saare, Võru, Läänemere, Kõrve"),
    trades=trades(
        "Logistika=Logistics, Laod=Warehousing, Kaubandus=Wholesale, Puit=Timber, "
        "Mööbel=Furniture, Toit=Food, Masinad=Machinery"
    ),
    streets=words("Narva mnt, Pärnu mnt, Tööstuse, Lõõtsa, Jõe, Sõpruse pst"),
    men=words("Kristjan, Märt, Jüri, Tõnu, Rasmus, Siim, Priit"),
    women=words("Kadri, Õnne, Triin, Külli, Liis, Piret, Maarja"),
    surnames=surnames("Tamm", "Saar", "Mägi", "Sepp", "Põder", "Kõiv", "Lõhmus", "Jõgi", "Öpik"),
)
