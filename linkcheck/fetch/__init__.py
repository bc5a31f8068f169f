"""Requests to observations, politely: the only part that knows httpx, tenacity and sockets."""
