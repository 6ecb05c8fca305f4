"""Development tools; none of them ship with the product."""
