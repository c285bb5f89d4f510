"""What providers offer: facts, figures, costs, the label, filters and order, side by side. Pure."""
