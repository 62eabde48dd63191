"""What our fields are called in other languages, folded: German, Polish, French, Spanish, Lithuanian.

Only what a list of deals or clients cannot do without; a person maps the rest.
"""

from collections.abc import Mapping

_CLIENT = "kunde|firma|kundenname|klient|nazwa klienta|kontrahent|entreprise|cliente|empresa|klientas|imone"
_OWNER = (
    "verkaufer|vertriebsmitarbeiter|zustandig|verantwortlich|opiekun|handlowiec|commercial|vendeur|"
    "responsable|vendedor|comercial|vadybininkas|pardavejas|atsakingas"
)
_CITY = "ort|stadt|miasto|ville|ciudad|miestas"

ABROAD: Mapping[str, Mapping[str, str]] = {
    "deal": {
        "title": "titel|bezeichnung|projekt|nazwa szansy|nazwa|intitule|affaire|oportunidad|pavadinimas",
        "client": _CLIENT,
        "client.city": _CITY,
        "owner": _OWNER,
        "stage": "phase|verkaufsphase|etap|etape|etapa|etapas|stadija",
        "outcome": "ergebnis|wynik|statut|resultat|estado|resultado|busena|rezultatas",
        "amount": "wert|betrag|auftragswert|summe|wartosc|kwota|montant|valeur|importe|valor|suma|verte",
        "currency": "wahrung|waluta|devise|moneda|valiuta",
        "created_on": "angelegt am|angelegt|erstellt am|erstellt|data utworzenia|utworzono|date de creation|"
        "fecha de creacion|creado|sukurta|sukurimo data",
        "closed_on": "abgeschlossen am|abgeschlossen|abschlussdatum|data zamkniecia|zamknieto|"
        "date de cloture|fecha de cierre|cerrado|uzdaryta|uzdarymo data",
        "expected_close_on": "erwarteter abschluss|erwartetes abschlussdatum|przewidywana data zamkniecia|"
        "date de cloture prevue|fecha de cierre prevista|planuojama uzdaryti",
        "loss_reason": "verlustgrund|powod przegranej|motif de perte|motivo de perdida|"
        "pralaimejimo priezastis",
        "notes": "bemerkung|bemerkungen|notizen|uwagi|remarques|notas|pastabos",
    },
    "client": {
        "name": f"{_CLIENT}|name|nazwa|nom|nombre|pavadinimas",
        "owner": _OWNER,
        "street": "strasse|ulica|rue|calle|gatve",
        "city": _CITY,
        "postal_code": "plz|postleitzahl|kod pocztowy|code postal|codigo postal|pasto kodas",
        "country": "land|kraj|pays|pais|salis",
        "sector": "branche|branza|secteur|sector|sektorius",
        "phone": "telefon|telefone|telefono|telefonas",
        "notes": "bemerkung|bemerkungen|uwagi|remarques|notas|pastabos",
    },
}

ID_ENDS = frozenset({"nummer", "numer", "lp", "numero", "numeris"})

WON = frozenset(
    {"gewonnen", "wygrana", "wygrane", "gagne", "gagnee", "ganado", "ganada", "laimeta"}
)
LOST = frozenset(
    {"verloren", "przegrana", "przegrane", "perdu", "perdue", "perdido", "perdida", "pralaimeta"}
)
OPEN = frozenset(
    {"offen", "otwarta", "otwarte", "ouvert", "en cours", "abierto", "abierta", "atvira"}
)
