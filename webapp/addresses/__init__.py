"""An address: its rule, USPS words, places, what no lookup can find, reading pastes, typed against matched. Pure."""
