"""The film while it is written: watching, compiling, painting and keys by hand, without a screen."""
