"""What leaves the kit: the students' release, files for CI services, and the audit before either."""
