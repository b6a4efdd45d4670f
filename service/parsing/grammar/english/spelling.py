# ruff: noqa: SIM905  # a list of words is read as words, not as a column of quotes
# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""Misspelt weekdays, months and day words: a table of habits, then one slip of the pen."""

from service.parsing.grammar.english.words import MONTHS, TABLE, WEEKDAYS, Entry

_HABITS = {
    "tomorrow": "tommorow tommorrow tomorow tomorrrow tomarrow tomorro tmrw tmr tmrow tmw 2moro "
    "2morrow tmrws tomo tomm tommorw tomoro tommorro tomorow morrow tomorrows tomarow tomrw",
    "today": "tdy 2day todays tody",
    "yesterday": "yest ystrday yesturday yday",
    "wednesday": (
        "wensday wendsday wednsday wednessday wednesdy weds wendesday wedensday wedsnesday "
        "wednesdays wednesay weddnesday wednesaday wenesday"
    ),
    "tuesday": "teusday tuseday tusday tuesady twosday tuesdy teusdays",
    "thursday": "thirsday thrusday thurday thrsday thursdy thusday thursaday thurdsay thurs",
    "saturday": "satuday saterday saturdy satrday sturday satruday saturaday",
    "february": "febuary feburary febrary februrary febr",
    "january": "janurary januray janary",
    "september": "septmber setpember septemeber septembr",
    "tonight": "tonght tongiht tonihgt tonite 2nite",
    "april": "apirl aprl arpil aprill",
    "august": "agust augst auguest augst",
    "march": "marhc mrach",
    "november": "novemeber",
    "december": "decemeber",
    "october": "octber",
    "july": "jully",
}
_TARGETS = (
    *WEEKDAYS, *(month for month in MONTHS if len(month) > 5),
    "tomorrow", "yesterday", "tonight", "afternoon", "evening", "morning", "weekend", "minutes",
    "hours",
)  # fmt: skip
_REAL_WORDS = frozenset(
    (
        "sundae sunray sundry mourning warning evenings mornings morningstar monkey money "
        "sunday marching friendly friary tonights weekends weekender afternoons seventh "
        "minute hour minuets ours yours scours sours octopus member remember dismember june "
        "sundays leaving evening moaning morning moring weekened house hoursr fours tours "
        "pours hourse horse"
    ).split()
)


def _slips(word: str) -> set[str]:
    """Return every string one deletion or transposition away."""
    drops = {word[:i] + word[i + 1 :] for i in range(1, len(word))}
    swaps = {word[: i - 1] + word[i] + word[i - 1] + word[i + 1 :] for i in range(2, len(word))}
    return drops | swaps


def _build() -> dict[str, Entry]:
    table: dict[str, Entry] = {}
    for right in _TARGETS:
        for wrong in _slips(right):
            if len(wrong) >= 5 and wrong not in TABLE and wrong not in _REAL_WORDS:
                table.setdefault(wrong, TABLE[right])
    for right, wrongs in _HABITS.items():
        table.update({wrong: TABLE[right] for wrong in wrongs.split() if wrong not in TABLE})
    return table


MISSPELT = _build()
_BY_SHAPE = {
    (word[0], size): tuple(w for w in _TARGETS if w[0] == word[0] and abs(len(w) - size) <= 1)
    for word in _TARGETS
    for size in (len(word), len(word) + 1)
}


def respell(word: str) -> Entry | None:
    """Return the entry `word` was meant to be, if it is one wrong or one extra letter away."""
    for right in _BY_SHAPE.get((word[0], len(word)), ()):
        if len(word) >= 6 and word not in _REAL_WORDS and _one_letter_off(word, right):
            return TABLE[right]
    return None


def _one_letter_off(word: str, right: str) -> bool:
    same = 0
    for mine, theirs in zip(word, right, strict=False):
        if mine != theirs:
            break
        same += 1
    if len(word) == len(right):
        return word[same + 1 :] == right[same + 1 :]
    return len(word) == len(right) + 1 and word[same + 1 :] == right[same:]
