"""Names of time zones as people say them, and the IANA zone each means."""

_ZONES = {
    "America/New_York": "est edt eastern",
    "America/Chicago": "cst cdt",
    "America/Denver": "mst mdt",
    "America/Los_Angeles": "pst pdt pacific",
    "America/Anchorage": "akst akdt",
    "Pacific/Honolulu": "hst",
    "Europe/London": "bst",
    "Europe/Lisbon": "wet",
    "Europe/Moscow": "msk",
    "Etc/UTC": "utc gmt zulu",
    "Europe/Berlin": "cet cest mez mesz",
    "Europe/Athens": "eet eest",
    "Asia/Kolkata": "ist",
    "Asia/Tokyo": "jst",
    "Asia/Seoul": "kst",
    "Asia/Singapore": "sgt",
    "Asia/Hong_Kong": "hkt",
    "Africa/Johannesburg": "sast",
    "Australia/Perth": "awst",
    "Pacific/Auckland": "nzst nzdt",
    "Australia/Sydney": "aest aedt",
}
ZONES = {word: zone for zone, words in _ZONES.items() for word in words.split()}
# Letters that are a zone only after a time.
US_ZONES = {
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}  # fmt: skip
# Said with "time" after them: "9 London time".
CITIES = {
    "eastern": "America/New_York", "central": "America/Chicago", "mountain": "America/Denver",
    "pacific": "America/Los_Angeles", "london": "Europe/London", "paris": "Europe/Paris",
    "berlin": "Europe/Berlin", "tokyo": "Asia/Tokyo", "montreal": "America/Toronto",
    "toronto": "America/Toronto", "sydney": "Australia/Sydney", "moscow": "Europe/Moscow",
    "beijing": "Asia/Shanghai", "india": "Asia/Kolkata", "dubai": "Asia/Dubai",
    "chicago": "America/Chicago", "madrid": "Europe/Madrid", "rome": "Europe/Rome",
    "seattle": "America/Los_Angeles", "boston": "America/New_York", "hongkong": "Asia/Hong_Kong",
    "york": "America/New_York", "angeles": "America/Los_Angeles", "kong": "Asia/Hong_Kong",
    "francisco": "America/Los_Angeles", "delhi": "Asia/Kolkata", "paulo": "America/Sao_Paulo",
    "lumpur": "Asia/Kuala_Lumpur", "aires": "America/Argentina/Buenos_Aires",
    "dhabi": "Asia/Dubai", "aviv": "Asia/Jerusalem", "diego": "America/Los_Angeles",
    "vegas": "America/Los_Angeles", "denver": "America/Denver", "houston": "America/Chicago",
    "dallas": "America/Chicago", "dublin": "Europe/Dublin", "lisbon": "Europe/Lisbon",
    "vienna": "Europe/Vienna", "stockholm": "Europe/Stockholm", "oslo": "Europe/Oslo",
    "helsinki": "Europe/Helsinki", "athens": "Europe/Athens", "cairo": "Africa/Cairo",
    "lagos": "Africa/Lagos", "nairobi": "Africa/Nairobi", "johannesburg": "Africa/Johannesburg",
    "istanbul": "Europe/Istanbul", "seoul": "Asia/Seoul", "shanghai": "Asia/Shanghai",
    "bangkok": "Asia/Bangkok", "jakarta": "Asia/Jakarta", "mumbai": "Asia/Kolkata",
    "melbourne": "Australia/Melbourne", "auckland": "Pacific/Auckland",
    "vancouver": "America/Vancouver", "miami": "America/New_York", "uk": "Europe/London",
    "singapore": "Asia/Singapore", "amsterdam": "Europe/Amsterdam", "zurich": "Europe/Zurich",
}  # fmt: skip
# The first words of cities with two, whose second word is in the table.
CITY_BEGINNINGS = frozenset(
    ("new", "los", "hong", "san", "sao", "kuala", "buenos", "abu", "tel", "las")
)
