"""The commands: `grade` for students, `course` for instructors."""
