"""Many addresses at once: a sheet is read, judged row by row, and looked up by the worker. No Flask here."""
