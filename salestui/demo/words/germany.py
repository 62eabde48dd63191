"""Germany."""

from salestui.demo.words.country import Country, places, surnames, trades, words

GERMANY = Country(
    code="DE",
    name="Germany",
    domain="de",
    dial="+49 30 23125 ###",
    postal="*###",
    vat="DE#########",
    registration="HRB #####",
    street="{street} {number}",
    company="{owner} {trade}",
    legal_forms=("GmbH", "GmbH", "GmbH & Co. KG", "AG", "e. K."),
    places=places(
        ("Berlin", "Berlin", "10"),
        ("München", "Bayern", "80"),
        ("Köln", "Nordrhein-Westfalen", "50"),
        ("Düsseldorf", "Nordrhein-Westfalen", "40"),
        ("Lübeck", "Schleswig-Holstein", "23"),
        ("Nürnberg", "Bayern", "90"),
        ("Würzburg", "Bayern", "97"),
        ("Görlitz", "Sachsen", "02"),
        ("Saarbrücken", "Saarland", "66"),
    ),
    owners=words(
        "Müller, Schäfer, Köhler, Weiß, Großmann, Krüger, Jäger, Böhm, Schröder, Löwe, "
        "Kühne, Möller, Fürst"
    ),
    trades=trades(
        "Logistik=Logistics, Lagerhaus=Warehousing, Möbel=Furniture, Getränke=Beverages, "
        "Spedition=Transport, Kunststoff=Plastics, Großhandel=Wholesale, Maschinenbau=Machinery"
    ),
    streets=words(
        "Hauptstraße, Bahnhofstraße, Gewerbering, Mühlenweg, Schloßallee, Königstraße, Am Güterbahnhof"
    ),
    men=words("Jörg, Jürgen, Björn, Götz, Thomas, Stefan, Günter, Matthias"),
    women=words("Anke, Bärbel, Käthe, Sabine, Ursula, Petra, Jördis, Nadine"),
    surnames=surnames(
        "Müller",
        "Schäfer",
        "Großmann",
        "Weiß",
        "Köhler",
        "Böhm",
        "Krüger",
        "Jäger",
        "Schröder",
        "Lehmann",
        "Voß",
    ),
)
