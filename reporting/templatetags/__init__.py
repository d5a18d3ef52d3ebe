"""What pages of other apps say of figures."""
