"""Everything that knows Flask: pages, forms, errors, headers. It parses, calls one service, and renders."""
