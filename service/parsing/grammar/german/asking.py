"""How German asks: "Trage bitte einen Termin … ein", "Erinnere mich an …", "mit Anna"."""

import re

from service.parsing.patterns import later
from service.parsing.phrasing import Phrasing

_NAME = r"(?-i:[A-ZÄÖÜ])[\w'.-]*(?:\s+(?-i:[A-ZÄÖÜ])[\w'-]*){0,2}"
_PLACE = r"(?:(?-i:[A-ZÄÖÜ])[\w.&-]*|\d{1,4}[a-z]?)"
_VERBS = (
    r"trage?|plane?|erstelle?|lege?|füge?|setze?|notiere?|buche?|reserviere?|verschiebe?|verlege?"
    r"|lösche?|storniere?|streiche?|sage?|mache?|schreibe?|vereinbare?"
)
PHRASING = Phrasing(
    verb_at_the_end=later(r"[a-zäöü]{3,}(?:en|ern|eln)"),
    opening=later(
        r"(?:eintragen|liebe[rs]? [^\W\d]+,|bitte|hallo|hi|hey|ok|okay|also|und"
        r"|kannst du|könntest du|könnten sie|können sie"
        r"|(?:ich|wir) (?:möchten?|will|wollen|muss|müssen|habe?|haben|brauchen?|gehen?)"
        r"|es gibt|da ist|erinnere? (?:mich|uns)(?: bitte)?(?: daran)?(?:,? dass ich)?"
        rf"|(?:{_VERBS})(?= )|mir|uns|mich|dass|neuer (?=termin)|neuen (?=termin)"
        r"|(?:einen |ein |den )?(?:termin|eintrag|ereignis|kalendereintrag)"
        r"(?:\s*:|(?= (?:für|zum|zur|namens|wegen) ))"
        r"|an (?:die|das|den|meinen?|unseren?)|eine?[nmrs]?|de[nrms]|das|die|namens|für|zum|zur"
        r"|(?:was|wann|wo|wer|welche[rsn]?)(?: (?:ist|sind|findet|steht|war|habe ich))?"
        r"|wegen)\b[\s,:]*",
        re.IGNORECASE,
    ),
    closing=later(
        r"(?:^|[\s,]+)(?:ein|an|hinzu|eintragen|planen|erstellen|anlegen|hinzufügen|vor|buchen|ab"
        r"|absagen|verschieben|löschen|beginnt|startet|endet|an|bitte|mit|bei"
        r"|beim|um|am|im|in|für|von|vom|zu|zum|und|auf"
        r"|der|die|das|den|dem|ist|findet|statt)$",
        re.IGNORECASE,
    ),
    people=later(
        r"\bmit\s+(?:(?:meine[rmn]?|unsere[rmn]?|de[rmn])\s+)?"
        rf"(?P<names>{_NAME}(?:(?:,\s*|\s+und\s+){_NAME}){{0,6}})",
        re.IGNORECASE,
    ),
    places=later(
        r"(?:(?:\b(?:im|in (?:der|dem|den)|in|auf (?:dem|der)|an der|am)|@)\s+"
        r"|(?<=[,;|]\s)(?=(?:raum|saal|zimmer|hörsaal|aula|gebäude|studio|gasthof|restaurant|café"
        r"|hotel|kirche|bibliothek|praxis|kino|bahnhof|\w*(?:halle|heim|haus))\b))"
        rf"(?P<name>{_PLACE}(?:\s+{_PLACE}){{0,4}})",
        re.IGNORECASE,
    ),
    joining=later(r",\s*|\s+und\s+", re.IGNORECASE),
    groups=frozenset(
        ("team", "gruppe", "kollegen", "auto", "bahn", "bus", "zug", "rad", "fahrrad")
    ),
    cancel=later(
        r"^(?:bitte )?(?:lösche?|storniere?|streiche?|entferne?)\b|\babsagen\b|^sage? .*\bab\b",
        re.IGNORECASE,
    ),
    move=later(r"^(?:bitte )?(?:verschiebe?|verlege?)\b|\bverschieben\b", re.IGNORECASE),
    query=later(
        r"^(?:was|wann|wo|wer|welche[rsn]?|wie|habe ich|haben wir|gibt es|zeige?|ist|bin ich)\b",
        re.IGNORECASE,
    ),
)
