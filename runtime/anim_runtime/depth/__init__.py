"""How far things are: one file an estimator, what its values come to in a scene, and what is kept of them."""
