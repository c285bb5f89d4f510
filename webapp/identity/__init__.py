"""Who is asking: persons, their roles, and how long they stay signed in. How they sign in, with Flask, is
`webapp/web/signing_in`.
"""
