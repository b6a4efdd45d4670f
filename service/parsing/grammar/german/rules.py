"""German rules that repeat: "jeden Montag", "alle zwei Wochen", "am ersten Freitag im Monat"."""

from service.parsing.building import every, german, number_words, repeats
from service.parsing.engine import Rule, Stage

_DAY = "(WEEKDAY|PLURALDAY)"
_DAYS = f"{_DAY} ((comma? and|or|comma|slash) {_DAY})*"
_NTH = "(ORD|LAST|NUM stop)"
_NTHS = f"{_NTH} ((comma? and|comma) {_NTH})*"
_OF_UNIT = "(in|the|every|of)+ UNIT"
RULES = Stage(
    "german rules",
    [
        Rule("every-unit", "every UNIT", "REPEAT", repeats.of_unit, ("jeden Tag", "jede Woche")),
        Rule("every-nth-unit", "every ORD UNIT", "REPEAT", repeats.n_units, ("jede zweite Woche",)),
        Rule("all-n-units", "all NUM UNIT", "REPEAT", repeats.n_units, ("alle zwei Wochen",)),
        Rule("all-n-units-on-days", f"(all NUM|every ORD) UNIT (on|comma)* {_DAYS}", "REPEAT",
             repeats.n_unit_days,
             ("alle zwei Wochen am Montag",)),
        Rule("every-days", f"(on|the)* every {_DAYS}", "REPEAT", german.every_days,
             ("jeden Montag und Donnerstag",)),
        Rule("every-unit-on-days", f"(every UNIT|FREQ) (on|comma|every)* {_DAYS}", "REPEAT*",
             german.unit_on_days,
             ("jede Woche am Montag", "wöchentlich dienstags")),
        Rule("days-every-unit", f"on? {_DAYS} every UNIT", "REPEAT*", german.unit_on_days,
             ("Montag jeder Woche",)),
        Rule("every-nth-days", f"every ORD {_DAYS} (?!in|the|MONTH)", "REPEAT",
             repeats.ordinal_days,
             ("jeden zweiten Dienstag",)),
        Rule("nth-day-of-each", f"(on|the)* every? {_NTHS} {_DAY} {_OF_UNIT}", "REPEAT*",
             german.nth_day_of_each,
             ("jeden ersten Montag im Monat", "am letzten Freitag jedes Monats")),
        Rule("nth-of-each", "(on|the)* every? (ORD|NUM stop|LAST UNIT) (in|the|every)+ UNIT",
             "REPEAT*", german.nth_of_each,
             ("am 1. jedes Monats", "jeden 15. im Monat")),
        Rule("two-weekdays",
             "(?<!until|from|between|or|NEXT|THIS|COMING|FOLLOWING|LAST) on? WEEKDAY stop? and on? "
             "WEEKDAY stop? (?!(comma|the)* (NUM (stop|MONTH)|DOTTED|ISO|ORD|NEXT|THIS)|in|or|and)",
             "REPEAT", every.two_weekdays,
             ("Dienstag und Donnerstag", "Laufen Mo und Do 7 Uhr")),
        Rule("plural-days", f"PLURALDAY ((comma? and|or|comma|slash) {_DAY})*", "REPEAT",
             german.every_days,
             ("montags und mittwochs",)),
        Rule("day-range", f"(every|from|starting)* {_DAY} (until|dash) {_DAY} every UNIT",
             "REPEAT", german.day_range,
             ("von Montag bis Freitag jede Woche",)),
        Rule("plural-range", "(from)? PLURALDAY (until|dash) PLURALDAY", "REPEAT",
             german.day_range,
             ("montags bis freitags",)),
        Rule("every-day-range", f"every {_DAY} (until|dash) {_DAY}", "REPEAT", german.day_range,
             ("jeden Montag bis Freitag",)),
        Rule("workdays", "weekdays|(on|at)? every? weekdays", "REPEAT", german.weekdays,
             ("werktags",)),
        Rule("frequency", "FREQ", "REPEAT", repeats.of_frequency, ("täglich",)),
        Rule("every-part", "every (PART|DAY)", "DAYPARTS", german.every_part, ("jeden Abend",)),
        Rule("every-daytime", "every DAYTIME", "DAYPARTS", german.every_daytime,
             ("jeden Montagabend",)),
        Rule("n-times-a-unit", "TIMESOF (per|in|the|a|every)* UNIT", "REPEAT", repeats.several_a,
             ("zweimal pro Woche",)),
        Rule("n-times-frequency", "TIMESOF FREQ", "REPEAT", german.times_frequency,
             ("zweimal wöchentlich",)),
        Rule("n-times-in-all",
             "(?<=comma|TIME|CLOCK|oclock|REPEAT) TIMESOF (?!per|in|the|a|every|FREQ)",
             "COUNT", german.count,
             ("dienstags 11:20, zehnmal",)),
        Rule("days-in-even-weeks", f"(every|on)* {_DAYS} in the? WORD (UNIT|wc)", "REPEAT*",
             german.days_in_even_weeks,
             ("montags in geraden Wochen",)),
        Rule("n-lessons", "NUM WORD (?!in)", "COUNT", number_words.n_lessons,
             ("dienstags um 18 Uhr, 8 Termine",)),
        Rule("n-times", "NUM times", "COUNT", german.count, ("10 mal",)),
    ],
)  # fmt: skip
