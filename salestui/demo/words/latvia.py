"""Latvia."""

from salestui.demo.words.country import Country, places, surnames, trades, words

LATVIA = Country(
    code="LV",
    name="Latvia",
    domain="lv",
    dial="+371 2## #####",
    postal="LV-*##",
    vat="LV4000#######",
    registration="4000#######",
    street="{street} iela {number}",
    company="{owner} {trade}",
    legal_forms=("SIA", "SIA", "SIA", "AS"),
    places=places(
        ("Rīga", "Rīga", "10"),
        ("Daugavpils", "Latgale", "54"),
        ("Liepāja", "Kurzeme", "34"),
        ("Jelgava", "Zemgale", "30"),
        ("Valmiera", "Vidzeme", "42"),
        ("Ventspils", "Kurzeme", "36"),
        ("Cēsis", "Vidzeme", "41"),
    ),
    owners=words(
        "Daugavas, Rīgas, Kurzemes, Vidzemes, Liepājas, Zemgales, Ventas, Gaujas, Latgales, "
        "Dzintara"
    ),
    trades=trades(
        "loģistika=Logistics, noliktavas=Warehousing, piens=Dairy, mežs=Timber, "
        "mēbeles=Furniture, tirdzniecība=Wholesale, serviss=Machinery, maize=Food"
    ),
    streets=words("Brīvības, Dzirnavu, Rūpniecības, Krišjāņa Barona, Mūkusalas, Ganību"),
    men=words("Jānis, Andris, Mārtiņš, Kārlis, Edgars, Raivis, Uldis, Gints"),
    women=words("Līga, Ilze, Kristīne, Zane, Inese, Dace, Santa, Elīna"),
    surnames=surnames(
        "Bērziņš/Bērziņa",
        "Kalniņš/Kalniņa",
        "Ozoliņš/Ozoliņa",
        "Liepiņš/Liepiņa",
        "Krūmiņš/Krūmiņa",
        "Zariņš/Zariņa",
        "Balodis/Balode",
        "Āboliņš/Āboliņa",
        "Šmits/Šmite",
    ),
)
