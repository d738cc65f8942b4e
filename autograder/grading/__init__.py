"""From a submission to a verdict: service > grader > verdict > evaluation > oracles > comparing, cases, formatting."""
