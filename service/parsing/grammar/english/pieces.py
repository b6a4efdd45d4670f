"""Pieces of patterns that several tables share."""

DAY_NUMBER = "(NUM|ORD|SECOND)"
WEEKDAY = "(WEEKDAY|PLURALDAY)"
WEEKDAYS = f"{WEEKDAY} (((comma? (and|or)?)|slash|comma) {WEEKDAY})*"
POINT = "(THIS|NEXT|LAST|FOLLOWING)"
NTH = "(ORD|SECOND|LAST)"
NTHS = f"{NTH} ((comma? and|comma) the? {NTH} (?!on|time|ordnoun))*"
FREE = "(?<!NEXT|THIS|COMING|LAST|FOLLOWING)"  # "next Friday every 2 weeks" begins on a date
EACH = "(every|per|a|the|FOLLOWING)"
OF_EACH = "(of|in) (every|per|a)+ (other|NUM|ORD|SECOND)? (UNIT|quarter)"
OF_THE = f"(of|in) {EACH}* (other|NUM)? (UNIT|quarter)"

END_OF_CLOCK = (  # no unit, name or amount follows the hour
    "(?!AMPM|oclock|past|UNIT|SECOND|times|money|of|ordnoun|thing|WORD ordnoun|WORD WORD ordnoun"
    "|slash|PAIR|half|and a half|dash? UNIT|dash WORD|MONTH)"
)
ANY_HOUR = "(NUM|TIME|HHMM)"
