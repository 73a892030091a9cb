"""The tools, by what they are about; `registry` lists them."""
