"""Web research by agents of H Company, for an address at which Hum found nothing: by click only, never verified, and
never part of Hum's list.
"""
