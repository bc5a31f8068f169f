"""Monitor the local network: is a failure the fault of the host, or local?"""
