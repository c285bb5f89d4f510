"""The lookup inside other sites' pages: who may frame it, what a frame may do and for how long, and how it may look.
Flask is not needed here.
"""
