"""German parts of the day, spans between points, and dates each year."""

from service.parsing.building import anniversaries, german, moments, recurrences
from service.parsing.engine import Rule, Stage

_POINT = "(DATE (comma|at|on)* TIME?|TIME (on|comma)* DATE?|MOMENT (at? TIME)?)"
YEARLY = Stage(
    "german dates each year",
    [
        Rule("every-year-date", "REPEAT (on|comma|the|in)* DATE", "REPEAT",
             recurrences.every_year_date,
             ("jedes Jahr am 3. Mai",)),
        Rule("date-every-year", "DATE REPEAT", "REPEAT", recurrences.date_every_year,
             ("am 3. Mai jedes Jahr",)),
        Rule("every-date", "every DATE", "REPEAT", anniversaries.yearly, ("jeden 3. Mai",)),
    ],
)  # fmt: skip
PARTS = Stage(
    "german parts of the day",
    [
        Rule("date-part", "DATE (in|on|comma|the)* PART", "MOMENT", moments.with_part,
             ("Freitag am Nachmittag",)),
        Rule("part-of-date", "(on|in|the)* PART (the|on|from)* DATE", "MOMENT",
             german.part_of_date,
             ("am Abend des 3. Mai",)),
        Rule("late-part", "late (on|in|the)* PART", "PERIOD", moments.late_part,
             ("spät am Abend",)),
        Rule("in-the-part", "(on|in|the)+ PART|PART", "PERIOD", german.part, ("am Nachmittag",)),
        Rule("moment-time", "MOMENT TIME", "MOMENT", german.moment_time, ("Montagabend um 8",)),
        Rule("time-moment", "TIME MOMENT", "MOMENT", german.time_moment, ("um 8 heute Abend",)),
    ],
)  # fmt: skip
SPANS = Stage(
    "german spans between points",
    [
        Rule("point-to-point",
             f"(from|between|starting|on)* {_POINT} comma? (until|dash) (to|the)* {_POINT}"
             f"|between {_POINT} and (the)* {_POINT}",
             "SPAN*", moments.ends,
             ("von Montag bis Freitag", "vom 3. Mai bis 5. Juni", "zwischen Montag und Mittwoch")),
        Rule("arriving", f"{_POINT} comma? and? arriving (on|at)* {_POINT}", "SPAN*", moments.ends,
             ("Anreise 24. April, Abreise 26. April",)),
        Rule("days-in-a-row", "(on|the)* DATE and (on|the)* DATE", "SPAN*", moments.days_in_a_row,
             ("heute und morgen", "Samstag und Sonntag")),
        Rule("due-day", "until (to|the)* DATE (?=due)|(?<=due) until (to|the)* DATE",
             "DATE", german.due_day,
             ("bis 31. Juli abgeben", "Antrag einreichen bis 30. April")),
        Rule("until-point", "until (to|the)* (DATE|MOMENT)", "SPAN*", moments.until,
             ("bis Freitag",)),
        Rule("due", "until (to|the)* DATE (comma|at|on)* TIME", "MOMENT", german.due,
             ("bis Freitag 18 Uhr",)),
        Rule("until-time", "until TIME", "SPAN", moments.over_by, ("bis 17 Uhr",)),
        Rule("starting", "(starting|from) (DATE|MOMENT)", "SPAN", moments.open_end,
             ("ab Montag",)),
        Rule("except-dates", "comma? (except|not) (on|in|the)* DATE ((comma|and)+ DATE)*", "EXCEPT",
             recurrences.except_dates,
             ("außer am 3. Mai",)),
    ],
)  # fmt: skip
