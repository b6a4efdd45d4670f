# ruff: noqa: SIM905  # a list of words is read as words, not as a column of quotes
"""Words and classes that say something about time, and were not understood where they are left."""

# Classes of the grammar that say when.
TIME = frozenset(
    (
        "CLOCK HHMM UNIT MONTH WEEKDAY PLURALDAY PART every DAY AMPM ISO PAIR SECOND LENGTH "
        "WEAKSPAN WEAKTIME SEASON NEXT THIS until ago TONIGHT NOON FREQ DATE TIME TIMESPAN SPAN "
        "REPEAT MOMENT PARTS DAYPARTS weekday weekdays weekends hence oclock NIGHTS PERIODEND "
        "COUNT FEAST DAYLIST couple YEAR earlier later LAST EXCEPT since within during "
        "rest TIMES FOLLOWING half quarter once twice YEARPART ORDLIST HOUR DECADE"
    ).split()
)
NUMBERS = frozenset("NUM ORD DECIMAL SMALL TEEN TENS JUNK DAYNUM NUMBERWORD".split())
WHEN = frozenset("DATE TIME".split())
# "three paydays from now": a number, what no calendar counts, and where it is counted from.
STEPPING = frozenset("NUM NUMBERWORD couple few".split())
STEPS = ("from now", "from today", "ago", "hence")
# Little words that belong to a time whatever stands behind them.
BINDING = frozenset("before after past other end start middle early late single".split())
# Little words that lead to a time, and have led to none.
LEADING = frozenset("from between starting ending to by dash slash time straight order".split())
# A number behind one of these is no time: "room 4".
COUNTING = frozenset("ordnoun money LINK mark".split())
NUMBERED = frozenset(
    "room floor building gate flight bus line track platform suite apartment apt unit number no "
    "table ward hall lab level terminal bay dock box case ticket order invoice episode season part "
    "phase step stage lot locker zone grade section studio court field lane bldg group team "
    "plat screen stop seat dose coach iphone "
    "raum saal halle zimmer gleis aula bahnsteig windows covid route highway exit pier house block "
    "tower q".split()
)
# Who meets once a month, where "the last Friday of the month" is said.
CLUBS = frozenset(
    "club choir committee society meetup group circle council guild network forum pta band "
    "orchestra assembly league stammtisch chapter run payroll rota townhall retro invoicing".split()
)
# Those whose numbers have four figures.
NUMBERED_HIGH = frozenset(
    "room flight bus line suite apartment apt unit number no box case ticket order invoice lot "
    "locker route highway gate".split()
)
# The writer takes something back.
WAVERING = frozenset(
    (
        "not can't cannot cant couldn't instead rather wait sorry actually correction scratch "
        "moved unless"
    ).split()
)
# The writer is not sure.
UNSURE = frozenset(
    (
        "maybe perhaps probably possibly either tentative tentatively tbd tbc unsure guess reckon "
        "vielleicht eventuell evtl möglicherweise voraussichtlich"
    ).split()
)
# Holidays that no rule knows, and what makes another day of one that is known.
HOLIDAYS = frozenset(
    "ramadan eid diwali hanukkah chanukah passover purim pesach rosh hashanah yom kippur sukkot "
    "nowruz vesak holi lunar orthodox shavuot ashura muharram lent advent sabbath shabbat "
    "epiphany michaelmas candlemas hogmanay carnival songkran".split()
)
# Whose time it is, where no place is named.
OF_OTHERS = frozenset(("their", "his", "her"))
ELSEWHERE = OF_OTHERS | {"your", "local"}
# What people say about time and the grammar does not know.
UNKNOWN = frozenset(
    "sleeps moons midweek halfway quarters thirds thereafter afterwards afterward onward onwards "
    "forth hereafter henceforth sunup sundown semester term trimester fiscal solstice equinox "
    "alternate preceding subsequent successive exclusive skipping omitting apart "
    "throughout whenever anniversary dozen another additional almost nearly closest nearest "
    "hundred hours sooner lately opposite beforehand pre post tri".split()
)
