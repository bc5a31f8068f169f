"""Fetch: requests to observations, within rate limits; the only part that knows httpx, tenacity and sockets."""
