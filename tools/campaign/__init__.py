"""The campaign: random faults and kills against a whole desk, and a checker that believes nobody."""
