"""A reader's filters, order and choice of plans, and what they show."""
