"""The vocabulary of US addresses: street suffixes, directions, units, numbers, states, words of city names. Facts only.

Each block says what its words mean to a reader of addresses; a word that means two things stands in two blocks. A line
`AVE: AVE AVENUE AV` gives the short form by which addresses are compared, then its spellings in this block. A suffix of
which you are not sure belongs into the last block of suffixes, where it can cut no street in two. The words of a line
without a colon stand for themselves. Sources: USPS Publication 28, the AP stylebook's abbreviations of states, and what
people really type.
"""

from __future__ import annotations

from webapp.texts import letters_only

_CLEAR_SUFFIXES = """
ALY: ALY ALLEY
AVE: AVE AVENUE AV
BLVD: BLVD BOULEVARD
BYP: BYP BYPASS
CSWY: CSWY CAUSEWAY
CIR: CIR CIRCLE
CT: CT COURT
XING: XING CROSSING
DR: DR DRIVE DRV
EXPY: EXPY EXPRESSWAY
FWY: FWY FREEWAY
HWY: HWY HIGHWAY
LN: LN LANE
PKWY: PKWY PARKWAY PKY
PLZ: PLZ PLAZA
PL: PL PLACE
RD: RD ROAD
SQ: SQ SQUARE
ST: ST STREET STR
TER: TER TERRACE TERR
TRL: TRL TRAIL
TPKE: TPKE TURNPIKE TNPK
LOOP PIKE WAY WY
"""
"""Street suffixes that hardly ever mean anything else: what follows one of them is no longer the street's name."""

_SUFFIXES_IN_NAMES = """
AVE: AVENIDA
BND: BND BEND
CTR: CTR CENTER CENTRE
CMN: CMN COMMON
COR: COR CORNER
CV: CV COVE
CRES: CRES CRESCENT
EXT: EXT EXTENSION
GDN: GDN GARDEN
GDNS: GDNS GARDENS
GTWY: GTWY GATEWAY
GLN: GLN GLEN
GRN: GRN GREEN
GRV: GRV GROVE
HTS: HTS HEIGHTS
HL: HL HILL
HLS: HLS HILLS
HOLW: HOLW HOLLOW
JCT: JCT JUNCTION
KNL: KNL KNOLL
LNDG: LNDG LANDING
LDG: LDG
MNR: MNR MANOR
MDW: MDW MEADOW
MDWS: MDWS MEADOWS
PT: PT POINT
RDG: RDG RIDGE
RTE: RTE ROUTE
SHR: SHR SHORE
TRCE: TRCE TRACE
VW: VW VIEW
VIS: VIS VISTA
BOWERY BROADWAY CALLE CALLEJON CAMINO CARR CARRETERA CLOSE COMMONS CONCOURSE CORNERS CREST CURVE DRIVEWAY EMBARCADERO
ESPLANADE ISLE MALL MEWS OVAL PARK PASEO PASS PASSAGE PATH PROMENADE QUAY ROW RUN SKYWAY SPEEDWAY STRAND TEMPLE TRACK
VALE VIA WALK WHARF WYND
"""
"""Street suffixes that also stand inside the names of streets and cities."""

_SUFFIXES_ONLY_COMPARED = """
ALY: ALLY ALLEE
ANX: ANX ANNEX
ARC: ARC ARCADE
AVE: AVEN AVENU AVN
BCH: BCH BEACH
BLF: BLF BLUFF
BLVD: BOUL BOULV
BR: BR BRANCH
BRG: BRG BRIDGE
BRK: BRK BROOK
BYP: BYPA BYPS
CYN: CYN CANYON
CTR: CENT CNTR
CIR: CIRC CRCL
CLB: CLB CLUB
CT: CRT
CTS: CTS COURTS
CRK: CRK CREEK
XING: CRSSNG
XRD: XRD CROSSROAD
DL: DL DALE
DM: DM DAM
DR: DRIV
EST: EST ESTATE
ESTS: ESTS ESTATES
EXPY: EXPRESS EXPW
EXT: EXTN
FLS: FLS FALLS
FRY: FRY FERRY
FLD: FLD FIELD
FLDS: FLDS FIELDS
FRST: FRST FOREST
FRK: FRK FORK
FT: FT FORT FRT
FWY: FRWY
HBR: HBR HARBOR HARBOUR
HVN: HVN HAVEN
HWY: HIWAY HWAY
IS: IS ISLAND
LK: LK LAKE
LKS: LKS LAKES
LGT: LGT LIGHT
LDG: LODGE
ML: ML MILL
MLS: MLS MILLS
MTWY: MTWY MOTORWAY
MT: MT MOUNT
MTN: MTN MOUNTAIN
ORCH: ORCH ORCHARD
PKWY: PARKWY
PLN: PLN PLAIN
PTS: PTS POINTS
PRT: PRT PORT
PR: PR PRAIRIE
RNCH: RNCH RANCH
RPD: RPD RAPID
RPDS: RPDS RAPIDS
RST: RST REST
RIV: RIV RIVER
RTE: RT
SHRS: SHRS SHORES
SPG: SPG SPRING
SPGS: SPGS SPRINGS
SQ: SQU
STA: STA STATION
STRM: STRM STREAM
ST: STRT SAINT
SMT: SMT SUMMIT
TUNL: TUNL TUNNEL
TPKE: TRNPK
UN: UN UNION
VLY: VLY VALLEY
VIA: VIADUCT
VLG: VLG VILLAGE
WLS: WLS WELLS
"""
"""Spellings of suffixes that are compared, but that prove no street in a paste: most belong to names of cities."""

_DIRECTIONS = """
N: N NORTH
S: S SOUTH
E: E EAST
W: W WEST
NE: NE NORTHEAST
NW: NW NORTHWEST
SE: SE SOUTHEAST
SW: SW SOUTHWEST
"""

_NUMBERED_UNITS = """
APT: APT APARTMENT APTO APARTAMENTO
BLDG: BLDG BUILDING BLD BLDNG EDIFICIO EDIF
DEPT: DEPT DEPARTMENT
FL: FL FLOOR FLR PISO
OFC: OFC OFFICE
PH: PH PENTHOUSE
RM: RM ROOM
SPC: SPC SPACE
STE: STE SUITE
TRLR: TRLR TRAILER
APTS BAY CABIN CAMPSITE CASITA CONDO COTTAGE DOOR DORM FLAT FLOORS GARAGE GATE HANGAR HNGR LEVEL LOFT LOT LVL MAILSTOP
NO NUM NUMBER PIER PMB SHOP SLIP SP STOP STUDIO SUITES TERMINAL TOWER TOWNHOME TOWNHOUSE TWR UNIT UNITS VILLA WING
"""
"""Words that announce a unit when a number follows."""

_UNNUMBERED_UNITS = """
BSMT: BSMT BASEMENT
FRNT: FRNT FRONT
LBBY: LBBY LOBBY
LOWR: LOWR LOWER
OFC: OFFICE
PH: PH PENTHOUSE
UPPR: UPPR UPPER
ADU CASITA COTTAGE DOWNSTAIRS GARAGE LOFT MEZZANINE REAR SIDE UPSTAIRS
"""
"""Words that are a whole unit without a number."""

_NUMBERS = """
1: ONE
2: TWO
3: THREE
4: FOUR
5: FIVE
6: SIX
7: SEVEN
8: EIGHT
9: NINE
10: TEN
11: ELEVEN
12: TWELVE
13: THIRTEEN
14: FOURTEEN
15: FIFTEEN
"""

_OTHERS_ONLY_COMPARED = """
N: NORTE
S: SUR
E: ESTE
W: OESTE
AND: AND &
CO: CO COUNTY
DR: DOCTOR
OFC: OFICINA
1ST: FIRST
2ND: SECOND
3RD: THIRD
4TH: FOURTH
5TH: FIFTH
6TH: SIXTH
7TH: SEVENTH
8TH: EIGHTH
9TH: NINTH
10TH: TENTH
11TH: ELEVENTH
12TH: TWELFTH
13TH: THIRTEENTH
14TH: FOURTEENTH
15TH: FIFTEENTH
16TH: SIXTEENTH
17TH: SEVENTEENTH
18TH: EIGHTEENTH
19TH: NINETEENTH
20TH: TWENTIETH
30TH: THIRTIETH
40TH: FORTIETH
50TH: FIFTIETH
"""


def _short_forms(*blocks: str) -> dict[str, str]:
    """Every spelling in these blocks, in capitals, with its short form."""
    short_forms = {}
    for line in "".join(blocks).strip().splitlines():
        short, colon, spellings = line.partition(":")
        if colon:
            short_forms.update(dict.fromkeys(spellings.split(), short))
            continue
        for word in line.split():
            short_forms[word] = word
    return short_forms


def _words(*blocks: str) -> frozenset[str]:
    """Every spelling in these blocks, in lower case."""
    return frozenset(" ".join(_short_forms(*blocks)).lower().split())


SHORT_FORMS: dict[str, str] = _short_forms(
    _CLEAR_SUFFIXES,
    _SUFFIXES_IN_NAMES,
    _SUFFIXES_ONLY_COMPARED,
    _DIRECTIONS,
    _NUMBERED_UNITS,
    _UNNUMBERED_UNITS,
    _NUMBERS,
    _OTHERS_ONLY_COMPARED,
)
"""Spelling in capitals -> its short form. Only the short form is compared; what people see stays as written."""

SUFFIX_SHORT_FORMS = frozenset(_short_forms(_CLEAR_SUFFIXES, _SUFFIXES_IN_NAMES, _SUFFIXES_ONLY_COMPARED).values())
CLEAR_SUFFIX_SHORT_FORMS = frozenset(_short_forms(_CLEAR_SUFFIXES).values())
DIRECTION_SHORT_FORMS = frozenset(_short_forms(_DIRECTIONS).values())

ROUTE_SHORT_FORMS = {
    "CO HWY": "CR",
    "CO RD": "CR",
    "CO RTE": "CR",
    "INTERSTATE HWY": "I",
    "INTERSTATE": "I",
    "STATE HWY": "SR",
    "STATE RD": "SR",
    "STATE RTE": "SR",
    "US HWY": "US",
    "US RTE": "US",
}
"""Kinds of numbered roads, by the short forms of their words, with the short form by which their names are compared."""

# The words a paste is read by, in lower case.
CLEAR_SUFFIXES = _words(_CLEAR_SUFFIXES)
STREET_SUFFIXES = _words(_CLEAR_SUFFIXES, _SUFFIXES_IN_NAMES)
DIRECTIONS = _words(_DIRECTIONS)
NUMBER_WORDS = _words(_NUMBERS)
NUMBERED_UNITS = _words(_NUMBERED_UNITS)
UNNUMBERED_UNITS = _words(_UNNUMBERED_UNITS)

UNITS_WRITTEN_TOGETHER = tuple("apt apartment unit ste suite rm room fl floor bldg lot spc ph trlr pmb".split())
"""Units that people write together with their number: `Apt4`."""

FLOOR_WORDS = frozenset("fl floor flr level lvl story".split())
FLOOR_NAMES = frozenset("ground top main lower upper basement".split()) | frozenset(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
)
"""What stands before a word for a floor: `Ground Floor`."""

DWELLING_WORDS = frozenset("apt apartment unit floor flat suite level".split())
"""What stands after a word that is a unit by itself: `Basement Apartment`."""

ROUTE_WORDS = frozenset(
    "hwy highway route rte rt sr us cr fm rm interstate loop i market county state ranch carr carretera km old".split()
)
"""Words before the number of a highway."""

NUMBERED_ROADS = frozenset("highway hwy hiway hway route rte".split())
"""Words for a road that are always followed by its number: in `Texas Highway 6` the 6 is no unit."""

ROAD_KINDS = frozenset(
    "county co cnty cty township twp town private pvt parish forest service state ranch farm to market district "
    "access spur beltway business bus crd reservation bia usfs fs nf national indian loop old us".split()
)
"""Words that make a road a numbered one when nothing else names it: `Private Road 4075`, `CO RD 40`."""

MEASURES = frozenset(
    "gbps mbps kbps gig gigs lines people persons users employees am pm hours hrs minutes mins days weeks months years "
    "sqft bedrooms beds baths phones devices computers offices stories floors percent dollars usd".split()
)
"""What is counted by a number that is no house number: `Need 2 lines at 500 Griswold St`."""

BUILDING_SUFFIXES = frozenset("center centre ctr plaza plz tower towers building bldg".split())
"""Street suffixes that as often end the name of a building: `1 Rotary Center, 1560 Sherman Ave`."""

SENTENCE_WORDS = frozenset(
    "between btwn btw b/w @ at off near by behind across opposite beside just outside over from next c/o attn it we "
    "please thanks this our my which that thats".split()
)
"""Words after a street's suffix with which a sentence goes on: `24 Eagle St near the river`."""

# Short forms, in capitals, by which the units of two addresses are compared.
DESIGNATORS = frozenset({"#", "APT", "BLDG", "DEPT", "FL", "LOT", "NO", "RM", "SPC", "STE", "TRLR", "UNIT"})
"""Words that announce a unit when an identifier follows."""

VAGUE_DESIGNATORS = frozenset({"", "#", "NO", "UNIT"})
"""Designators that may stand for any other: `Unit 4`, `# 4` and `APT 4` are one place."""

UNITS_WITHOUT_NUMBER = frozenset({"BSMT", "FRNT", "LBBY", "LOWR", "OFC", "PH", "REAR", "UPPR"})
"""Designators that are a whole unit by themselves."""

COUNTRY = frozenset({"US", "USA", "UNITEDSTATES"})

STATES: dict[str, str] = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "ME": "Maine",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NY": "New York",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "PR": "Puerto Rico",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
}
"""The 51 codes Hum accepts: 50 states and Puerto Rico."""

ZIP_ONLY_STATES: dict[str, str] = {
    "AS": "American Samoa",
    "DC": "District of Columbia",
    "GU": "Guam",
    "MP": "Northern Mariana Islands",
    "VI": "U.S. Virgin Islands",
}
"""Real places that Hum's list lacks: offered, and sent by ZIP with the state left out."""

MILITARY_STATES: dict[str, str] = {
    "AA": "Armed Forces Americas",
    "AE": "Armed Forces Europe",
    "AP": "Armed Forces Pacific",
}
"""Military mail codes: explained, never offered, because they belong to no street."""

_STATE_ABBREVIATIONS = {
    "AL": "ala",
    "AK": "alas",
    "AZ": "ariz",
    "AR": "ark",
    "CA": "calif cal",
    "CO": "colo",
    "CT": "conn",
    "DE": "del",
    "DC": "dc",
    "FL": "fla",
    "GA": "ga",
    "IL": "ill",
    "IN": "ind",
    "KS": "kan kans",
    "KY": "ken",
    "MA": "mass",
    "MI": "mich",
    "MN": "minn",
    "MS": "miss",
    "MT": "mont",
    "NE": "neb nebr",
    "NV": "nev",
    "NM": "nmex",
    "NY": "",
    "ND": "ndak",
    "OK": "okla",
    "OR": "ore oreg",
    "PA": "penn penna",
    "PR": "",
    "SD": "sdak",
    "TN": "tenn",
    "TX": "tex",
    "WA": "wash",
    "WV": "wva",
    "WI": "wis wisc",
    "WY": "wyo",
}


def _codes_by_name(*tables: dict[str, str]) -> dict[str, str]:
    """The letters of each state's name with its code."""
    return {letters_only(name): code for table in tables for code, name in table.items()}


def _codes_by_spelling() -> dict[str, str]:
    codes = {code.lower(): code for code in (*STATES, *ZIP_ONLY_STATES)}
    codes.update(_codes_by_name(STATES, ZIP_ONLY_STATES))
    for code, spellings in _STATE_ABBREVIATIONS.items():
        codes.update(dict.fromkeys(spellings.split(), code))
    return codes


CODES_BY_STATE_NAME: dict[str, str] = _codes_by_name(STATES, ZIP_ONLY_STATES, MILITARY_STATES) | {
    "washingtondc": "DC",
    "virginislands": "VI",
    "usvirginislands": "VI",
    "commonwealthofpuertorico": "PR",
}
"""Every full name of a state, letters only and lower case, to its code."""

CODES_BY_STATE_SPELLING: dict[str, str] = _codes_by_spelling()
"""Every spelling of a state in a paste, letters only and lower case, to its code: `wva`, `michigan`, `dc`."""

STATES_LIKE_WORDS = frozenset(
    "in or me hi ok oh id de pa ma al la co ct mi mt ne nd ar as pr md va sc".split()
    + "miss wash mass cal ore del ill ind ark kan ken".split()
)
"""State spellings that are also plain words, street suffixes or company forms: believed only next to a ZIP or a city of
that state.
"""

STATES_LIKE_CITIES = frozenset({"newyork", "washington"})
"""State names that, alone after a street, more likely name the city."""

CITY_ABBREVIATIONS = {
    "st": "saint",
    "ste": "sainte",
    "ft": "fort",
    "mt": "mount",
    "n": "north",
    "s": "south",
    "e": "east",
    "w": "west",
    "no": "north",
    "so": "south",
    "hts": "heights",
    "hgts": "heights",
    "spgs": "springs",
    "spg": "spring",
    "jct": "junction",
    "twp": "township",
    "vlg": "village",
    "pk": "park",
    "bch": "beach",
    "lk": "lake",
    "ctr": "center",
    "hl": "hill",
    "hls": "hills",
    "pt": "point",
    "is": "island",
    "cty": "city",
}
"""Words that names of cities shorten, in lower case, with the full word by which the names are compared."""
