// Empty on purpose: what this target depends on is what `make build` makes. See Package.swift.
