"""What ControlNets are shown of a picture: one file a kind of hint."""
