"""What plans offer and cost, in figures and words: prices, fees, discounts, totals, the label-shaped card."""
