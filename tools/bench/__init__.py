"""`make bench`: what a poll costs us, how many lookups can be watched, how soon providers are on the page. Loopback
only.
"""
