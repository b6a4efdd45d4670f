"""The container engine and the images, each reached by a ladder that says which rung it took."""
