"""All code that quotes values escapes them."""
