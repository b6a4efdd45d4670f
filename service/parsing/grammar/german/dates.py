"""German dates that are written out: "3. April 2027", "15.3.", "vom 3. bis 5. Mai"."""

from service.parsing.building import dates, german, quarters
from service.parsing.engine import Rule, Stage

_NUMBER = "(NUM stop?|ORD)"
DATES = Stage(
    "german dates",
    [
        Rule("day-month", f"(on|the|from)* {_NUMBER} MONTH (comma? YEAR)?", "DATE",
             dates.day_month,
             ("3. April 2027", "am dritten Mai")),
        Rule("month-year", "in? MONTH YEAR", "DATE", dates.month_year, ("im Mai 2027",)),
        Rule("month", "(in|the)* MONTH (?!NUM)", "DATE", quarters.month_alone, ("im Mai",)),
        Rule("days-of-month",
             f"(from|between)? the? {_NUMBER} (until|dash|and) (to|the)* {_NUMBER} MONTH YEAR?",
             "SPAN", dates.span,
             ("vom 3. bis 5. Mai", "3.-5. Mai")),
        Rule("night-between", "(in the)? PART from NUM stop WORD the? NUM stop MONTH", "DATE",
             german.night_between,
             ("in der Nacht vom 20. auf den 21. März",)),
        Rule("night-between-weekdays", "(in the)? PART from WEEKDAY WORD WEEKDAY", "DATE",
             german.night_between_weekdays,
             ("in der Nacht von Freitag auf Samstag",)),
        Rule("day-and-month-in-figures", "(on|the)* DOTTED", "DATE", dates.dotted, ("am 15.3.",)),
        Rule("days-before-dotted",
             "(from|between)? the? NUM stop? (dash|until|and) (the|to)* DOTTED",
             "SPAN", dates.days_before_dotted,
             ("12.-14.6.", "vom 12. bis 14.6.")),
        Rule("days-before-full-date",
             "(from|between)? the? NUM stop? (dash|until|and) (the|to)* ISO",
             "SPAN", dates.days_before_full_date,
             ("12.-14.6.2027",)),
        Rule("in-figures", "(on|the)* ISO", "DATE", german.in_figures, ("15.3.2027",)),
        Rule("pair", "on? PAIR (?!UNIT)", "DATE", german.pair, ("am 3/4",)),
        Rule("day-number",
             "(on|until|starting|the) the? (NUM stop|ORD) (?!MONTH|NUM|UNIT|WEEKDAY|every|"
             "PLURALDAY)",
             "DATE", german.day_number,
             ("am 15.",)),
        Rule("holiday", "(on|in|to)? HOLIDAY YEAR?", "DATE", german.holiday, ("an Ostern",)),
        Rule("calendar-week", "(in|the)* wc NUM YEAR?", "DATE", german.calendar_week, ("KW 12",)),
        Rule("pointed-month",
             "(in|the)* (THIS|NEXT|COMING|LAST) MONTH",
             "DATE", german.pointed_month,
             ("nächsten Mai",))
    ],
)  # fmt: skip
