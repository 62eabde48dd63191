"""Lithuania."""

from salestui.demo.words.country import Country, places, surnames, trades, words

LITHUANIA = Country(
    code="LT",
    name="Lithuania",
    domain="lt",
    dial="+370 6## #####",
    postal="LT-*###",
    vat="LT1000########",
    registration="30#######",
    street="{street} g. {number}",
    company="{owner} {trade}",
    legal_forms=("UAB", "UAB", "UAB", "AB", "MB"),
    places=places(
        ("Vilnius", "Vilniaus apskritis", "03"),
        ("Kaunas", "Kauno apskritis", "44"),
        ("Klaipėda", "Klaipėdos apskritis", "91"),
        ("Šiauliai", "Šiaulių apskritis", "76"),
        ("Panevėžys", "Panevėžio apskritis", "35"),
        ("Alytus", "Alytaus apskritis", "62"),
        ("Marijampolė", "Marijampolės apskritis", "68"),
        ("Utena", "Utenos apskritis", "28"),
        ("Kėdainiai", "Kauno apskritis", "57"),
        ("Telšiai", "Telšių apskritis", "87"),
    ),
    owners=words(
        "Nemuno, Baltijos, Gintaro, Šiaulių, Žemaitijos, Aukštaitijos, Dzūkijos, Ąžuolo, "
        "Neries, Šventosios, Kuršių, Panevėžio, Vėtrungės, Žuvėdros, Eglės"
    ),
    trades=trades(
        "logistika=Logistics, sandėliai=Warehousing, prekyba=Wholesale, baldai=Furniture, "
        "mediena=Timber, pieninė=Dairy, transportas=Transport, plastikas=Plastics, "
        "maistas=Food, technika=Machinery"
    ),
    streets=words("Gedimino, Vytauto, Laisvės, Pramonės, Taikos, Žemaitės, Savanorių, Ąžuolų"),
    men=words(
        "Jonas, Mindaugas, Tomas, Žydrūnas, Šarūnas, Gediminas, Vytautas, Darius, Rokas, Andrius"
    ),
    women=words("Ieva, Rūta, Eglė, Austėja, Živilė, Gabija, Aušra, Kristina, Jūratė, Daiva"),
    surnames=surnames(
        "Petrauskas/Petrauskienė",
        "Kazlauskas/Kazlauskienė",
        "Jankauskas/Jankauskaitė",
        "Žukauskas/Žukauskaitė",
        "Stankevičius/Stankevičienė",
        "Balčiūnas/Balčiūnaitė",
        "Šimkus/Šimkutė",
        "Urbonas/Urbonaitė",
        "Paulauskas/Paulauskienė",
        "Čepaitis/Čepaitė",
        "Grybauskas/Grybauskaitė",
        "Vaičiūnas/Vaičiūnienė",
    ),
)
