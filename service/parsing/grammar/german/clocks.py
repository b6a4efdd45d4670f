"""German times of day: "14:30 Uhr", "halb neun", "Viertel nach acht", "von 9 bis 11 Uhr"."""

from service.parsing.building import clock_spans, clocks, german
from service.parsing.engine import Rule, Stage

_END = (
    "(?!stop MONTH|UNIT|MONTH|stop NUM|times|PART|WORD UNIT|quarter|half|oclock|comma NUM UNIT|ORD)"
)
_HOUR = "(NUM|TIME|HOURS)"
CLOCKS = Stage(
    "german clocks",
    [
        Rule("clock", "(at|around)* CLOCK oclock?", "TIME", german.exact_clock, ("14:30 Uhr",)),
        Rule("hour-uhr-minute", "(at|around)* NUM oclock NUM? (?!stop MONTH)", "TIME", german.uhr,
             ("14 Uhr 30", "um 8 Uhr")),
        Rule("decimal-uhr", "(at|around)* DECIMAL oclock", "TIME", german.decimal_uhr,
             ("14.30 Uhr",)),
        Rule("at-decimal", f"at around? DECIMAL {_END}", "TIME", german.decimal_uhr, ("um 14.30",)),
        Rule("compact", "(at|around)+ HHMM oclock?|HHMM oclock", "TIME", german.exact_clock,
             ("um 1430",)),
        Rule("at-hour", f"(at|around)+ NUM {_END}", "TIME", german.at_hour, ("um 8",)),
        Rule("from-hour", f"starting around? NUM (?!WORD) {_END}", "TIME", german.at_hour,
             ("ab elf",)),
        Rule("hour-h", "(?<!for|in|before|after) (at|around)* HOURS", "TIME", german.hour_h,
             ("14h",)),
        Rule("half", "(at|around)* half NUM oclock?", "TIME", german.half_before, ("halb neun",)),
        Rule("quarter-past", "(at|around)* quarter after NUM oclock?", "TIME", german.quarter_past,
             ("Viertel nach acht",)),
        Rule("quarter-to", "(at|around)* quarter before NUM oclock?", "TIME", german.quarter_to,
             ("viertel vor neun",)),
        Rule("three-quarters", "(at|around)* three NUM oclock?", "TIME", german.quarter_to,
             ("dreiviertel neun",)),
        Rule("three-quarters-apart", "(at|around)* NUM quarter NUM oclock?", "TIME",
             german.three_quarters,
             ("drei viertel neun",)),
        Rule("minutes-past", "(at|around)* NUM UNIT? after NUM oclock?", "TIME",
             german.minutes_past,
             ("zehn nach acht",)),
        Rule("minutes-to", "(at|around)* NUM UNIT? before NUM oclock?", "TIME", german.minutes_to,
             ("fünf vor neun",)),
        Rule("minutes-to-half", "(at|around)* NUM before half NUM", "TIME", german.minutes_to_half,
             ("fünf vor halb neun",)),
        Rule("noon", "(at|around|to|until)* NOON", "TIME", clocks.noon, ("um Mitternacht",)),
        Rule("at-noon", "(at|on|to) PART", "TIME", german.at_noon, ("am Mittag",)),
    ],
)  # fmt: skip
CLOCK_PARTS = Stage(
    "german clocks with a part of the day",
    [
        Rule("time-in-part", "TIME (in|on|the)* PART", "TIME", german.in_part, ("8 Uhr abends",)),
        Rule("hour-in-part",
             "(at|around)* NUM PART",
             "TIME*", german.hour_in_part,
             ("um 8 abends",)),
        Rule("part-then-time", "PART TIME", "TIME", german.part_then_time, ("abends um 8",)),
    ],
)  # fmt: skip
CLOCK_SPANS = Stage(
    "german clock spans",
    [
        Rule("time-to-time",
             "(from|between|starting)* TIME (until|dash) TIME|(between|from) TIME and TIME",
             "TIMESPAN", german.span,
             ("von 9 Uhr bis 11 Uhr", "14:00-15:30 Uhr")),
        Rule("several-times", "TIME (comma TIME)* and TIME", "TIMES", clock_spans.several,
             ("um 8 und um 20 Uhr",)),
        Rule("time-arriving", "TIME WORD? comma? arriving TIME", "TIMESPAN*", german.arriving,
             ("Abfahrt 8:29, Ankunft 12:32",)),
        Rule("hours", f"(from|between) {_HOUR} (until|dash|and) {_HOUR} {_END}", "TIMESPAN",
             german.span,
             ("von 9 bis 11",)),
        Rule("hours-after-day",
             f"(?<=WEEKDAY|DAY|DATE|DAYTIME) NUM (dash|until) NUM (?!WORD) {_END}", "TIMESPAN",
             german.span,
             ("Di 10-11",)),
        Rule("hour-to-time", f"{_HOUR} (until|dash) TIME", "TIMESPAN", german.span,
             ("9-11 Uhr",)),
        Rule("time-to-hour", f"TIME (until|dash) {_HOUR} {_END}", "TIMESPAN", german.span,
             ("14 Uhr bis 16",)),
    ],
)  # fmt: skip
DURATIONS = Stage(
    "german durations",
    [
        Rule("n-units", "(NUM|HHMM|YEAR) dash? UNIT", "LENGTH", german.length_of, ("90 Minuten",)),
        Rule("a-unit", "a UNIT", "LENGTH", german.a_unit, ("eine Stunde",)),
        Rule("half-a-unit", "a? half UNIT", "LENGTH", german.half_a_unit, ("eine halbe Stunde",)),
        Rule("a-length", "a LENGTH", "LENGTH", german.same_length, ("eine Viertelstunde",)),
        Rule("decimal-units", "DECIMAL UNIT", "LENGTH", german.decimal_units,
             ("anderthalb Stunden",)),
        Rule("comma-units", "NUM comma NUM UNIT", "LENGTH", german.comma_units, ("1,5 Stunden",)),
        Rule("hours-h", "HOURS", "LENGTH", german.hours_h, ("für 2h",)),
    ],
)  # fmt: skip
