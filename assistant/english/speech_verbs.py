"""The verbs of speech, by what they need to report something."""

from __future__ import annotations

# Verbs that report with any object: "X said the base would stay".
SAY = frozenset(
    "said says say stated states argued argues argue asserted asserts assert insisted "
    "insists insist announced announces denied denies deny alleged alleges contended contends remarked remarks "
    "commented comments tweeted quipped joked vowed swore stressed stresses emphasized emphasised emphasizes emphasises "
    "reiterated reiterates opined testified conceded concedes boasted boasts lamented laments complained complains warned warns warn "
    "cautions counters jokes vows reckoned reckons reckon recounted recounts reveals clarified clarifies pledged pledges".split()
)
# Verbs that report only with a clause: "X noted that …", "X told him that …".
THAT = frozenset(
    "claimed claims claim maintained maintains declared declares told tells tell believed believes believe thinks think thought noted notes note observed observes wrote writes write reported reports "
    "report added adds suggested suggests suggest explained explains predicted predicts admitted admits acknowledged acknowledges "
    "concluded concludes confirmed confirms replied replies reply answered answers asked asks ask responded responds recalled recalls "
    "promised promises agreed agrees feels fears feared hopes hoped estimated estimates speculated speculates theorized "
    "hypothesized proposed proposes advised advises confessed revealed cautioned countered hinted implied implies wondered wonders "
    "postulated posits posited recommended recommends urged mentioned mentions doubted doubts expects expected "
    "affirmed reasoned pointed points proclaimed inquired".split()
)
# Verbs that only tag a quotation: '"Yes," smiled the king.'
TAG_ONLY = frozenset(
    "cried cries whispered whispers shouted shouts exclaimed exclaims muttered mutters murmured continued continues "
    "demanded snapped growled screamed yelled returned laughed sighed began repeated gasped groaned roared stammered "
    "called calls quoth rejoined retorted interrupted went put ordered commanded begged pleaded smiled grumbled "
    "remembered called described thought pondered sang sobbed hissed enquired hollered bellowed shrieked "
    "exulted ventured sneered interposed echoed greeted spoke scolded grunted barked croaked squeaked".split()
)
# Verbs that report when what they quote follows: "X called it “a mess”".
NAMING = frozenset(
    "called calls described describes dubbed labeled labelled labels praised praises criticized criticised criticizes termed "
    "deemed summarized summarised describing calling dubbing praising labelling criticizing".split()
)
# Participles that go with the subject of their clause: "…, adding that …".
PARTICIPLES = frozenset(
    "saying stating adding claiming arguing noting explaining writing declaring commenting remarking insisting telling".split()
)
# Forms that are nouns as well: they need a plural subject.
BASE = frozenset(
    "say claim argue assert insist announce deny tell believe think note report add suggest predict admit conclude recall hope "
    "fear doubt estimate expect propose answer reply demand wonder state warn reckon".split()
)
VERBS = SAY | THAT | TAG_ONLY | NAMING | PARTICIPLES
# Participles before "by" and who said it: "as claimed by the union".
PASSIVE = tuple(
    "stated claimed argued suggested noted described quoted announced reported proposed observed recalled explained confirmed put said "
    "called dubbed labelled labeled praised criticized criticised denied hailed".split()
)
# Verbs that stand between a quotation and a name behind it: "“Yes,” said Ann Lee".
BEFORE_A_NAME = tuple(
    "said says declared wrote writes asked replied answered cried shouted added stated exclaimed responded".split()
)
# What a question asks with, as a pattern: "What did X say?", "What remarks did X make?"
SAYING = (
    r"(?:say|says|said|saying|state[sd]?|tell|tells|told|claim(?:s|ed)?|argue[sd]?|announce[sd]?|emphasi[sz]e[sd]?|"
    r"remark(?:s|ed)?|comment(?:s|ed)?|think|thinks|thought|believe[sd]?|suggest(?:s|ed)?|explain(?:s|ed)?|note[sd]?|"
    r"add(?:s|ed)?|declare[sd]?|stress(?:es|ed)?|warn(?:s|ed)?|express(?:es|ed)?|mention(?:s|ed)?|"
    r"(?:make|made|give|gave) (?:his|her|their|its|an?|the) (?:remarks?|comments?|statements?|speech(?:es)?|address))"
)
# The same behind "Who …": "Who said that?"
SAID_BY = (
    r"(?:sa(?:ys?|id)|(?:state|argue|declare|note)[sd]?|(?:claim|remark|comment|suggest|explain|warn)(?:s|ed)?|announce[sd]|"
    r"emphasi[sz]e[sd]|stress(?:es|ed)|believe[sd]|thinks)"
)
