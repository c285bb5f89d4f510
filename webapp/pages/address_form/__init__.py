"""Help with filling in the address form: a pasted text split into the boxes, hints, ZIP and unit suggestions. Pure;
knows no Flask.
"""
