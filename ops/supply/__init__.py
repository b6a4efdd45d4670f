"""What container images are made of: files, packages, licences, and what is known of them."""
