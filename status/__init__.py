"""The public status page: what users are told, out of measurements and of what people announce."""
