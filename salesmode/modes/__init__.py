"""Management modes: chosen as bundles of practices, adopted, run and measured."""
