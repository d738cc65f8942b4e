"""The untrusted side: the process in which a student's file is loaded. Imports nothing from the rest of the package."""
