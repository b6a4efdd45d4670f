"""Rules that repeat: "every other Friday", "the 2nd and last Monday of each month", "weekdays"."""

from service.parsing.building import recurrences
from service.parsing.building.anniversaries import yearly, yearly_on
from service.parsing.engine import Rule, Stage
from service.parsing.grammar.english.every import EVERY
from service.parsing.grammar.english.every_days import EVERY_DAYS
from service.parsing.grammar.english.nth_days import NTH_DAYS

RECURRENCES = Stage("recurrences", (*EVERY, *EVERY_DAYS, *NTH_DAYS))

EXCEPTIONS = Stage(
    "exceptions",
    [
        Rule("parts-of-days", "PARTS", "PART", recurrences.parts_of_days, ("mornings",)),
        Rule("day-list-with-repeat",
             "REPEAT and REPEAT",
             "REPEAT", recurrences.day_list_with_repeat,
             ("every Monday and every Thursday",)),
    ],
)  # fmt: skip

EXCEPTED = Stage(
    "what a rule leaves out",
    [
        Rule("except-dates",
             "comma? (except|not) (on|for|in|during|the)* (DATE|SPAN) ((comma|and)* the? "
             "DATE)*",
             "EXCEPT", recurrences.except_dates,
             ("not Sunday", "except in july")),
        Rule("except-days-apart",
             "comma? (except|not) (on|for|the)* REPEAT",
             "EXCEPT", recurrences.except_days_apart,
             ("except fridays",)),
        Rule("apart-from", "comma? WORD from (on|the)* (REPEAT|DATE)", "EXCEPT",
             recurrences.apart_from,
             ("on weekdays apart from Wednesdays",)),
        Rule("except-holidays",
             "(comma|and)* (except|not|and) (on|for)* WORD",
             "EXCEPT", recurrences.except_holidays,
             ("and holidays",)),
        Rule("except-certain-holidays",
             "(comma|and)* (except|not|and) (on|for)* WORD WORD",
             "EXCEPT", recurrences.except_holidays,
             ("except public holidays",)),
        Rule("inclusive", "SPAN comma? inclusive", "SPAN", recurrences.inclusive,
             ("from April 6 to April 10 inclusive",)),
        Rule("not-but",
             "(not|is not) (on|for|in|the|at|until)* (DATE|MOMENT) comma? (except|and) "
             "(on|for|in|the|at)* (DATE|MOMENT) (at? TIME)?",
             "MOMENT*", recurrences.not_but,
             ("not on Monday but Tuesday at 3pm",)),
        Rule("not-comma",
             "not (on|for|in|the|at)* DATE comma (on|for|in|the|at)* (DATE|MOMENT) (at? "
             "TIME)?",
             "MOMENT*", recurrences.not_comma,
             ("not Thursday, Friday at 3pm",)),
    ],
)  # fmt: skip

YEARLY = Stage(
    "yearly",
    [
        Rule("every-date", "every DATE", "REPEAT", yearly, ("every July 14", "every September 30")),
        Rule("every-of-several-dates", "every DATE ((comma? and|comma) DATE)+", "REPEAT", yearly_on,
             ("each jan 1 and july 1",)),
        Rule("every-year-on-dates",
             "REPEAT (on|comma|the|in)* DATE ((comma? and|comma) DATE)+",
             "REPEAT", recurrences.every_year_on_dates,
             ("every year on May 3rd and May 10th",)),
        Rule("date-every-year",
             "(on|the)? DATE (of)? REPEAT",
             "REPEAT", recurrences.date_every_year,
             ("june 3 every year", "the first Sunday of May every year")),
        Rule("every-year-date",
             "REPEAT (on|comma|the|in)* DATE",
             "REPEAT", recurrences.every_year_date,
             ("annually on 14 July", "every year on July 14th")),
    ],
)  # fmt: skip
