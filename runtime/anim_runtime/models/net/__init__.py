"""The way to the network for models: guarded addresses, downloads that go on where they stood."""
