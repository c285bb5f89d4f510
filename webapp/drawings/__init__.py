"""Figures for pictures: speed bars, price against speed, the pin on a state's map. No HTML."""
