"""What pages draw, without Flask: the lookup page, progress words, the console, the address form, exports."""
