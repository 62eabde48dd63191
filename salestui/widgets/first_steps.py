"""What an empty screen says is to be done first."""

NO_DEALS = "No deals yet. Press n for the first."
NO_STAGES = "This pipeline has no stages yet. Press F2, then S for the first."
NO_PIPELINE = "Nothing is set up yet. Press F2: three answers and you can work."
