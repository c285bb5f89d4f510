"""A sheet to try batches with: public buildings, and rows that are wrong in the ways in which sheets are."""

from __future__ import annotations

import csv
import io

_HEADER = ("Site", "Street", "Unit", "City", "State", "ZIP")
_ROWS = (
    ("Detroit Public Library", "5201 Woodward Ave", "", "Detroit", "MI", "48202"),
    ("Detroit City Hall", "2 Woodward Ave", "Suite 200", "Detroit", "MI", "48226"),
    ("San Francisco City Hall", "1 Dr Carlton B Goodlett Pl", "", "San Francisco", "CA", "94102"),
    ("Boston City Hall", "1 City Hall Sq", "Room 500", "Boston", "MA", "2201"),
    ("Boston Public Library", "700 Boylston St", "", "Boston", "MA", "2116"),
    ("New York Public Library", "476 5th Ave", "", "New York", "NY", "10018"),
    ("Chicago City Hall", "121 N LaSalle St", "", "Chicago", "IL", "60602"),
    ("Harold Washington Library", "400 S State St", "", "Chicago", "IL", "60605"),
    ("Los Angeles City Hall", "200 N Spring St", "", "Los Angeles", "CA", "90012"),
    ("Los Angeles Central Library", "630 W 5th St", "", "Los Angeles", "CA", "90071"),
    ("Seattle City Hall", "600 4th Ave", "", "Seattle", "WA", "98104"),
    ("Seattle Central Library", "1000 4th Ave", "", "Seattle", "WA", "98104"),
    ("Denver City and County Building", "1437 Bannock St", "", "Denver", "CO", "80202"),
    ("Philadelphia City Hall", "1400 John F Kennedy Blvd", "", "Philadelphia", "PA", "19107"),
    ("Texas State Capitol", "1100 Congress Ave", "", "Austin", "TX", "78701"),
    ("Massachusetts State House", "24 Beacon St", "", "Boston", "MA", "2133"),
    ("Idaho State Capitol", "700 W Jefferson St", "", "Boise", "ID", "83702"),
    ("Library of San Juan", "100 Calle San Jose", "", "San Juan", "PR", "901"),
    ("Detroit Public Library again", "5201 WOODWARD AVE", "", "Detroit", "Michigan", "48202"),
    ("No house number", "Woodward Ave", "", "Detroit", "MI", "48226"),
    ("A post office box", "PO Box 1234", "", "Lansing", "MI", "48909"),
    ("A crossing", "Michigan Ave and Griswold St", "", "Detroit", "MI", "48226"),
    ("ZIP code of another state", "500 Pearl St", "", "New York", "NY", "90210"),
    ("ZIP code missing its state", "2 Center Plaza", "", "", "", "2108"),
    ("No street", "", "", "Detroit", "MI", "48226"),
    ("Nothing at all", "", "", "", "", ""),
)


def sample_csv() -> bytes:
    """The sheet as a CSV file, in UTF-8 with a byte order mark."""
    sheet = io.StringIO(newline="")
    csv.writer(sheet).writerows((_HEADER, *_ROWS))
    return b"\xef\xbb\xbf" + sheet.getvalue().encode()
