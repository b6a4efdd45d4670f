"""Names of time zones as people say them, and the IANA zone each means."""

_ZONES = {
    "America/New_York": "est edt eastern",
    "America/Chicago": "cst cdt",
    "America/Denver": "mst mdt",
    "America/Los_Angeles": "pst pdt",
    "Europe/London": "bst",
    "Etc/UTC": "utc gmt zulu",
    "Europe/Berlin": "cet cest",
    "Europe/Athens": "eet eest",
    "Asia/Kolkata": "ist",
    "Asia/Tokyo": "jst",
    "Australia/Sydney": "aest aedt",
}
ZONES = {word: zone for zone, words in _ZONES.items() for word in words.split()}
# Said with "time" after them: "9 London time".
CITIES = {
    "eastern": "America/New_York", "central": "America/Chicago", "mountain": "America/Denver",
    "pacific": "America/Los_Angeles", "london": "Europe/London", "paris": "Europe/Paris",
    "berlin": "Europe/Berlin", "tokyo": "Asia/Tokyo", "montreal": "America/Toronto",
    "toronto": "America/Toronto", "sydney": "Australia/Sydney", "moscow": "Europe/Moscow",
    "beijing": "Asia/Shanghai", "india": "Asia/Kolkata", "dubai": "Asia/Dubai",
    "chicago": "America/Chicago", "madrid": "Europe/Madrid", "rome": "Europe/Rome",
    "seattle": "America/Los_Angeles", "boston": "America/New_York", "hongkong": "Asia/Hong_Kong",
    "singapore": "Asia/Singapore", "amsterdam": "Europe/Amsterdam", "zurich": "Europe/Zurich",
}  # fmt: skip
