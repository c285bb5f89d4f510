"""An address: its rule, USPS words, places, reading pastes, and typed against matched. Pure."""
