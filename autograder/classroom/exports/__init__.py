"""A class's results in the forms that other systems read. Where the grader failed there is no verdict, so no score."""
