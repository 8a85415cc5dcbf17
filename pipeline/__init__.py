"""notes2plan's pipeline: from a delivered note to an approved revision of the account plan."""
