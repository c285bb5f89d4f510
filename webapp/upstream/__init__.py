"""One HTTP exchange with any vendor: sockets, deadlines, caps, the masked `Call`, circuit breaker, limits."""
