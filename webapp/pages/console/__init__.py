"""The API console: what a lookup asked Hum, drawn, explained and taken away. Pure: it reads recorded calls and asks for
none.
"""
