"""Poland."""

from salestui.demo.words.country import Country, places, surnames, trades, words

POLAND = Country(
    code="PL",
    name="Poland",
    domain="pl",
    dial="+48 6## ### ###",
    postal="*-###",
    vat="PL##########",
    registration="0000######",
    street="ul. {street} {number}",
    company="{trade} {owner}",
    legal_forms=("sp. z o.o.", "sp. z o.o.", "sp. z o.o.", "S.A.", "sp. j."),
    places=places(
        ("Warszawa", "mazowieckie", "02"),
        ("Łódź", "łódzkie", "90"),
        ("Kraków", "małopolskie", "30"),
        ("Wrocław", "dolnośląskie", "50"),
        ("Poznań", "wielkopolskie", "60"),
        ("Gdańsk", "pomorskie", "80"),
        ("Białystok", "podlaskie", "15"),
        ("Rzeszów", "podkarpackie", "35"),
        ("Częstochowa", "śląskie", "42"),
        ("Suwałki", "podlaskie", "16"),
        ("Żory", "śląskie", "44"),
        ("Zielona Góra", "lubuskie", "65"),
    ),
    owners=words(
        "Łódź, Wisła, Śląsk, Bałtyk, Świdnica, Żywiec, Częstochowa, Dąbrowa, Mazowsze, Białystok, "
        "Jędrzejów, Kaszuby, Ćmielów, Źródło, Węgrów, Święty Krzyż"
    ),
    trades=trades(
        "Hurtownia=Wholesale, Magazyny=Warehousing, Transport=Transport, Meble=Furniture, "
        "Mleczarnia=Dairy, Stal=Metal, Drukarnia=Printing, Chłodnie=Cold storage, "
        "Logistyka=Logistics, Tworzywa=Plastics"
    ),
    streets=words(
        "Piotrkowska, Łąkowa, Przemysłowa, Żeromskiego, Świętokrzyska, Składowa, Kościuszki, "
        "Mickiewicza"
    ),
    men=words(
        "Paweł, Łukasz, Michał, Stanisław, Zbigniew, Grzegorz, Krzysztof, Sławomir, Jędrzej, Marek"
    ),
    women=words("Małgorzata, Agnieszka, Żaneta, Bożena, Grażyna, Elżbieta, Dorota, Zofia, Hanna"),
    surnames=surnames(
        "Wiśniewski/Wiśniewska",
        "Dąbrowski/Dąbrowska",
        "Zieliński/Zielińska",
        "Wójcik",
        "Kamiński/Kamińska",
        "Łukaszewicz",
        "Żak",
        "Krzyżanowski/Krzyżanowska",
        "Pająk",
        "Sikorski/Sikorska",
        "Gołębiowski/Gołębiowska",
        "Szczęsny/Szczęsna",
        "Świątek",
    ),
)
