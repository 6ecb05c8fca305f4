"""What a render would do and cost, told before it is done."""
