"""One module a screen: parse, call one service, render or redirect."""
