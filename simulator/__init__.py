"""The sample company: seeded exports in the vendors' real shapes, with their truth."""
