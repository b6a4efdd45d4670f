"""Numbers in words become numbers; "3 times" and "twice" become counts."""

from service.parsing.building import number_words
from service.parsing.engine import Rule, Stage
from service.parsing.zones import CITIES

_UNITS_DIGIT = "(SMALL|TEEN|TENS (dash? SMALL)?|NUM)"

NUMBERS = Stage(
    "numbers",
    [
        Rule("two-part-year", "(TEEN|TENS) (TEEN|TENS dash? SMALL?)", "YEAR", number_words.year,
             ("nineteen eighty four",)),
        Rule("tens-and-ones", "TENS dash? SMALL", "NUM", number_words.total,
             ("twenty five minutes",)),
        Rule("tens-and-ordinal", "TENS dash? ORDINAL", "ORD", number_words.total,
             ("twenty first",)),
        Rule("number-word", "SMALL|TEEN|TENS", "NUM", number_words.total, ("two", "fifteen")),
        Rule("hundreds",
             f"(SMALL|TEEN|NUM) hundred (and? {_UNITS_DIGIT})?",
             "NUM", number_words.hundreds,
             ("six hundred", "fifteen hundred")),
        Rule("year-in-words",
             f"SMALL thousand (and? {_UNITS_DIGIT})?",
             "YEAR", number_words.thousands,
             ("two thousand and twenty seven",)),
        Rule("one-on-one",
             "(SMALL|NUM) (on|colon|dash on dash) (SMALL|NUM)",
             "WORD", number_words.one_on_one,
             ("1:1", "one on one")),
        Rule("nth-to-last", "ORDINAL (to|from) (the)? LAST", "LAST", number_words.nth_to_last,
             ("2nd to last",)),
        Rule("nth-last", "(ORD|SECOND) LAST (?=WEEKDAY|UNIT)", "LAST", number_words.nth_to_last,
             ("3rd last Friday of every month",)),
        Rule("working-day", "WORD UNIT", "UNIT", number_words.working_day, ("working day",)),
        Rule("o-clock-apart", "oh quote? clock", "oclock", number_words.o_clock_apart,
             ("at 5 o clock",)),
        Rule("week-end", "UNIT dash? end", "UNIT", number_words.week_end, ("week-end",)),
        Rule("us-zone", "(?<=AMPM|CLOCK) USZONE", "ZONE", number_words.us_zone, ("5 p.m. ET",)),
        Rule("city-time", "WORD time", "ZONE", CITIES.get, ("10am New York time",)),
        Rule("zone-time", "ZONE WORD? time?", "ZONE", number_words.zone_time,
             ("3pm Pacific time",)),
        Rule("a-hundred", "a hundred", "NUM", number_words.a_hundred, ("a hundred",)),
    ],
)  # fmt: skip

COUNTS = Stage(
    "counts",
    [
        Rule("n-times", "for? NUM times", "COUNT", number_words.n_times, ("4x", "4 times")),
        Rule("a-few-times", "for? a few times", "COUNT", number_words.a_few_times,
             ("a few times",)),
        Rule("x-times", "times NUM (?!WORD|UNIT)", "COUNT", number_words.n_times, ("x 6",)),
        Rule("next-n-days",
             "for? the? (NEXT|COMING|FOLLOWING) NUM (?=REPEAT)",
             "COUNT", number_words.next_n_days,
             ("next 4 wednesdays", "the next four fridays")),
        Rule("n-days", "for? NUM (?=REPEAT)", "COUNT*", number_words.n_days,
             ("six Mondays from May 4",)),
        Rule("n-lessons", "NUM WORD (?!from now|from DAY|ago|hence|in)", "COUNT",
             number_words.n_lessons,
             ("alternate Sundays at 14:00, eight lessons",)),
        Rule("twice", "twice", "COUNT", number_words.twice, ("twice",)),
        Rule("thrice", "thrice", "COUNT", number_words.a_few_times, ("thrice",)),
        Rule("price-after", "NUM money|DECIMAL money", "JUNK", number_words.price_after,
             ("two eggs", "twenty dollars")),
    ],
)  # fmt: skip
