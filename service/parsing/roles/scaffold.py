# ruff: noqa: E501  # a rule, or an entry of a word list, is one row however wide
"""The words of asking, as opposed to what is asked for: tables of openings, verbs and endings."""

import re

from service.parsing.patterns import later
from service.parsing.roles.phrases import Phrases

_I = re.IGNORECASE
NOUN = (
    r"(?:events?|appointments?|appts?|meetings?|entry|entries|items?|reminders?|slots?|time|block|something|"
    r"invite|session|spot|placeholder|notification|alert|date|day|plans?|activity|task|timer|alarm|period|opening|hold|(?:conference |meeting |big |small )*room|"
    r"calendar (?:events?|entry|item|reminder|info))"
)
_ADJECTIVE = r"(?:(?:calendar|all[ -]day|full[ -]day|whole day|new|quick|short|long|brief|recurring|repeating|rotating|weekly|hour|minute|next|upcoming)\s+){0,3}"
_JOIN = r"(?:(?:called|titled|named|labell?ed|entitled|saying|that says|for me to|for us to|for me|for us|for|to|about|of|regarding|as)\b|[,:-])"
GREETING = Phrases(
    r"(?:(?:seems|it seems|looks like|hi|hello|hey|howdy|dear(?= all\b| team\b| everyone\b| colleagues\b))(?: there| all| everyone| everybody| team| folks| guys| colleagues)?|fyi|(?:just )?an? (?:quick )?(?:note|reminder|heads[- ]up) that|please note(?: that)?|ok|okay|yes|yeah|yep|please|pls|kindly|cortana|olly|alexa|siri|google|so|also|now|then|well|just|and|but|oh|um|yo|hiya|sure|right(?=,)|sorry(?=,? (?:can|could|may|but|i|we)\b)|running (?:a (?:bit|little) |very )?late(?=,)|lemme|pleas|plz|if (?:so|not|yes)(?=,)|never ?mind(?=\s*[,.!-])|good morning|thanks|no(?=\s*[,!.]))\b[\s,!.:-]*",
)
ASKING = Phrases(
    r"(?:(?:would you )?be so kind (?:and|as to)\s+|do me a favou?r and\s+|(?:can|could|will|would|may) (?:you|u|we|i)(?: please)?\s+|let'?s\s+|let us\s+|help me(?: to)?\s+|(?:i need your help on\s+)|(?:(?:are )?(?:you|u|ya|everyone|anyone) (?:all )?)?up for\s+(?=\S)|(?:are )?(?:you|u|ya|everyone|anyone) (?:all )?(?:free|around|available) for\s+(?=\S)|(?:do you |d'you |d'ya )?fancy (?!dress\b)(?=\w)|(?:is there )?any (?:chance|way) (?:you|we|i|u) (?:could|can)\s+|(?:are )?(?:we|you) still (?:on|good|ok|up|free) for\s+(?=\S)|(?:how|what) about\s+(?=\S)"
    r"|do you think you (?:can|could)\s+|(?:please )?(?:make sure|don'?t forget|do not forget|don't let me forget|remember)(?: to)?(?: that)?\s+(?!me\b)|(?:make (?:a )?note|write|note|put)(?: down)? that\s+|(?:note|jot|write) down\s+"
    r"|update (?:the|my) (?:calendar|schedule)(?: that)?\s+|(?:see|check|find out) if\b[^|]{0,40}?\b(?:available|free)(?: for| to)?\s+|i want you to\s+|i need you to\s+"
    r"|(?:re|fwd?|rescheduled|invitation|updated(?: invitation)?|accepted|tentative|declined|cancell?ed(?: event)?|action required|confirmed|booking confirmed|your booking is confirmed|reminder|save the date)\s*:\s*(?=\S))",
    first="re fw fwd rescheduled any is we you still invitation updated accepted tentative declined canceled cancelled action confirmed booking your reminder save fancy ya everyone anyone do d'you d'ya would be do can could will may let help i please make don are you u up remember write note put jot "
    "update see check find how what",
)
WISHING = Phrases(
    r"(?:(?:i|we) ?(?:would|'d) (?:like|love|want|prefer)(?: for)?(?: you)? to\s+|(?:i|we) (?:want|need|have|wish|plan|got|hope|like)(?: for)?(?: you)? to\s+"
    r"|i ?(?:'m| am) (?:trying|looking|planning|hoping|interested in|thinking (?:of|about))(?: to| going to)?\s+|(?:i|we) (?:must|should|might|gotta|may)\s+|(?:i |do you |d'you |you )?wanna\s+|(?:please )?join (?:us|me) (?:for|at)\s+|i(?: have|'ve)? got to\s+|(?:need|want|going|have|gotta) to\s+"
    r"|(?:i ?'m|i am|we're|we are) going to(?: have)?\s+|(?:i|we)(?: will|'ll| shall)\s+(?!be\b|have\b|need\b))",
    first="i we please join need want going have gotta do d'you you wanna",
)
HAVING = Phrases(
    r"(?:(?:i|we|they) ?(?:will|'ll)?\s?(?:have|need|want|had|'ve got|has)(?: got)?(?=\s)\s+|(?:i|we) ?(?:would|'d) like\s+(?!to\b)|needs?\s+(?!to\b)|have\s+(?=(?:lunch|dinner|supper|breakfast|brunch|coffee|drinks|tea)\b)|(?:i|we) ?(?:will|'ll| shall) (?:be |have |need )"
    r"|(?:i|we) ?(?:'m|'re| am| are)\s+(?:having|attending|meeting|planning|going (?:on|for|to)(?=\s+an?\s))?\s*|(?:he|she)(?:'s| has) got\s+|(?:i|we)(?: have|'?ve) (?:just )?booked (?!(?:me|us|you)\b|in\b)|there(?:'s| is| are| will be)\s+|(?:i|we) (?:got|was|were|am|are|have been|'ve been) invited to\s+|it's\s+|that\s+(?=i\b))",
    first="i we ive weve i've we've he he's she she's they needs need have there it that",
)
STRONG_VERB = Phrases(
    r"(?:(?:mark|block|save|hold)(?: off| out)? (?:my|the|our) (?:calendar|schedule|date)(?: for)?|(?:fit|squeeze|slot) in|schedule|reschedule|set ?up|set|setup|creat(?:e|ing)?|add(?: in)?|book(?! (?:clubs?|fairs?|signings?|swaps?|sales?|groups?|reports?|reviews?|festivals?|week|launch(?:es)?)\b)|put(?: me)?(?: down| in| on| up)?(?: for)?|arrange|organi[sz]e|enter|insert|block(?: off| out)?|mark(?: down)?|reserve|log|booked (?:me|us|you)(?: both| all)?(?: in| on)? for|pencil(?: me)? in|register|input|include|slot|fit in|begin|update|repeat(?:s|ing)?|recurring|(?:plan|have|hold|throw)(?= (?:an?|the|our)\b))\b(?![-'])\s*",
    first="mark block save hold fit squeeze slot schedule reschedule set setup creat create "
    "creating add book put arrange organise organize enter insert reserve log pencil booked "
    "register input include begin update repeat recurring plan have throw",
)
WEAK_VERB = Phrases(
    r"(?:get me(?=\s+an?\s)|grab|make|plan(?: for| out)?|start|have|note|save|record|generate|place|find|give|show(?! (?:at|and|in)\b)|throw|confirm|list(?! of\b)|do|hold|host)\b(?![-'])\s*",
)
TO_EVENT = Phrases(
    rf"(?:make|plan|have|get|find|send|place|start|hold)\b\s+(?=(?:me |us )?(?:an?|the|my|our|some)?\s*{_ADJECTIVE}{NOUN}\b)",
    first="make plan have get find send place start hold",
)
REMINDING = Phrases(
    r"(?:reminds?|notify|alert|prompt|ping|remember|tell(?= me))\b(?: (?:me|us|my \w{2,20}(?= to\b)|(?-i:[A-Z]\w{1,20})(?= to\b)))?(?:\s+(?P<to>to|when to)\b|\s+(?:about|of|that|for|regarding)\b)?\s*(?:i\s+have\s+)?",
)
QUERY = Phrases(
    r"(?:(?:what|which)(?:'s| is| are| was| time| day| date)*(?: is| does| do| are| was)?|when(?:'s| is| are| does| do| will| was)?(?: and where(?: is)?)?|where(?:'s| is| are| will)?|who(?:'s| is| will be| are| will)?(?: attending)?|how (?:long|many|much|about)(?: is| are| will| does)?|"
    r"do i have|have i got|have you added|am i|is there|are there|is|are|was|were|will|does|did i have|show (?:me|us)|show(?=\s+(?:my|all|any|upcoming|what|when|if|whether|for|(?:the )?(?:calendar|schedule|agenda|diary|events?|meetings?|appointments?|reminders?|alarms?))\b)|tell me(?: all)?(?: known)?(?: details)?(?: about| when| what)*|check(?: on)?(?=\s+(?:my|all|any|upcoming|what|when|if|whether|for|(?:the )?(?:calendar|schedule|agenda|diary|events?|meetings?|appointments?|reminders?|alarms?))\b)|give me|look up|find out|let me know when)\b(?!['-])\s*",
    first="what which when where who how do have am is there are was were will does did show "
    "tell check give look find let",
)
REMOVING = Phrases(
    r"(?:cancel(?:led)?|delete|remove|erase|clear|drop(?=.*\b(?:i|we) (?:booked|scheduled|planned|made|added)\b)|drop(?=.*\b(?:meeting|appointment|event|call|reminder|session|review|sync|standup|class|calendar)s?\b)|take (?:out|off)|get rid of|disregard|call off|forget|scratch|unschedule|move|bump|nudge|reschedule|postpone|push(?: back)?|change|shift|delay|bring forward|switch)\b(?!['-])\s*",
    first="cancel delete remove erase clear drop take get disregard call forget scratch "
    "unschedule move bump nudge reschedule postpone push change shift delay bring switch",
)
ARTICLE = Phrases(
    r"(?:an?|the|my|our|your|me|us|some|another|new(?! years?\b)|all (?:of|the|my)(?: the| my)?|all(?! hands\b| day\b| night\b| star\b| saints\b| souls\b)|any|upcoming|next|last|pending|in|this|that|those|these|for|up|up coming|quick|to|all[ -]day|full[ -]day|before|after|as|'s)\s+",
)
ARTICLE_ONLY = Phrases(r"(?:an?|the|my|our|another)\s+")
ADJECTIVE = Phrases(
    r"(?:new(?! years?\b)|quick|next|last|upcoming|pending|all[ -]day|full[ -]day)\s+"
)
GENERIC = Phrases(rf"{_ADJECTIVE}{NOUN}\s*(?:(?:is|be|on)\s+)?{_JOIN}\s*[:,]?\s*(?:me to\s+)?")
BARE_NOUN = Phrases(
    r"(?:calendar |new )?(?:event|entry|item|reminder|notification|calendar event)s?\s*,?\s+(?=\S)"
    r"|(?:appointment|appt)\s+(?=(?-i:[A-Z][a-z]))|new (?:appointment|appt)\s+(?=\S)",
    first="calendar new event entry item reminder notification appointment appt",
)
ONLY_NOUN = Phrases(
    rf"(?:(?:the|an?|my|our|new|{NOUN}|call it|like|nothing|nothing on|busy|me|it|you|that|this|there|i|we|i'll|i'm|on|off|out|calendar|schedule|as|room|long|hours?|minutes|available|free|office|of|everyone|him|her|them|us|status|and|to|be|for|is|do|have|any|anything|things?|stuff|what|all|then|before|after|beforehand|in advance|prior|meet(?: up)?|join us|need|want|scheduled|at|no|wait|sorry|actually)\b[\s,.!?]*){{0,8}}",
)
GOOD_NOUN = later(r"\b(?:meetings?|appointments?|session|date|plans?|task|activity|appts?)\b", _I)
# Without one of these in a lower-cased text there is none of the phrases that come next.
CALENDAR_HINTS = ("cal", "sched", "agenda", "diary", "planner", "remind", "list")
CALENDAR = later(
    r"\b(?:to|on|in|into|onto|from|at|off|of)\s+(?:(?:my|the|our|your|this|his|her)\s+(?:\w+\s)?(?:calend[ae]r|caldendar|schedule|agenda|diary|planner|reminders|reminder list|to-?do list|list)s?|calend[ae]r)\b"
    r"|\b(?:and )?(?:put|add|mark) (?:that|this|it) (?:on|to|in) (?:my|the) (?:calendar|schedule)\b",
    _I,
)
CLAUSE = Phrases(
    r"\s*(?:,\s*)?\b(?:and (?:make|put|set|mark|show|schedule|reschedule|add|name|call|invite|remind|send|tell|need|let|i|it|my|also|please|can)\b|but\b|so (?:i|that|we|remove|please)\b|because\b"
    r"|that (?:i|is|isn't|are|was|will|we|starts?|lasts?|begins?)\b|which\b|(?:i|we) (?:booked|scheduled|planned|made|added)\b|i have\b|i need\b|i am\b|i will\b|we need\b|when am i\b|where\b|at that time\b|going (?:on|around)\b|planned\b|happened\b|happening\b|it (?:starts|will|is)\b|needs to\b|we will\b|make sure\b|let me\b|do (?:i|we)\b|(?:right |just |some ?time )?(?<!look )(?<!looking )(?:after|before|prior to|following)\s+(?=\S)|can you\b|could you\b|tag it\b|send me\b).*$",
    first="and but so because that which i we when where at going planned happened happening it "
    "needs make let can could tag send do right just some sometime after before prior following",
)
TAIL = Phrases(
    r"(?:\s+|^)(?:please|pls|for me|for us|thanks|thank you|too|as well|is|are|be|that|on|at|in|for|to|from|with|and|but|not|by|lasting|that lasts|which lasts|starting|ending|happening|scheduled|rescheduled|starts?|begins?|ends?|takes? place|taking place|going to be|supposed to(?: be| begin| start)?|gonna happen|i have|set|(?:is|are) now|(?:has|have) been|will be|will|going on|it|of|the|a|an|my|as|around|about|every|all day|all|again|asap|as soon as possible|called|titled|named|later|early|sometime|has|planned|coming up|now|or|then|if possible|first thing|in a room|available)$",
)
EVENT_TAIL = Phrases(r"(?<=\w)\s+(?:calendar )?(?:event|reminder|notification|info)s?$")
# Verbs of asking that name the event when nothing else does: "show at the theatre".
LONE = frozenset(("meet", "show", "visit", "call", "play", "party", "class"))
QUOTED = later(
    r"(?:^|(?<=[\s(:,]))(?:\"([^\"|]{2,120}?)\"|'([^'|]{3,80}?(?:'s [^'|]{1,80}?)?)'(?![\w]))"
)
_CAPITAL = (
    r"(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|To(?:day|morrow|night)|Next|This)[A-Z][\w'&-]*"
)
CALLED_NAME = later(
    rf"\b[a-z]+ (?:called|titled|named|entitled) ({_CAPITAL}(?: (?:(?:of|the|and|to|&) )?{_CAPITAL}){{1,7}})(?= (?!am\b|pm\b)[a-z])"
)
CALLED_HINTS = ("call", "title", "name", "label", "subject")
CALLED = later(
    r"\b(?:called|titled|named|entitled|call it|name it(?: as)?|title it|label(?:l?ed)?(?: it)?(?: as)?|with the title|input name as|subject(?: is|:))\s*:?,?\s*([^|\"]{2,120}?)\s*"
    r"(?=\||$|[.!?](?:\s|$)|,\s|\band (?:make|set|put|add|invite|show)\b|\b(?:added|on my|to my)\b|\b(?:for|at|on|from|to be|with|starting)\b\s*(?:\||$))",
    _I,
)
PURPOSE = Phrases(
    r"(?:for|to|about|regarding|called|titled|named|of|as|and|before|that|scheduled for)\s+"
)
LABEL = later(r"(?:\[[^\]|]{1,30}\]\s*){1,3}(?=\w)")
SPLIT = later(r"\||[.?!;](?=\s|$)|\s-\s")
# What any layer of asking can begin with.
OPENING = frozenset().union(
    *(
        phrases.keys
        for phrases in (
            GREETING, ASKING, WISHING, REMINDING, REMOVING, STRONG_VERB, HAVING, TO_EVENT, GENERIC,
            WEAK_VERB, BARE_NOUN, QUERY, ARTICLE,
        )
    )
)  # fmt: skip
