"""Statistics that SQL cannot do: pure functions, arrays in, arrays out."""
