"""What the pages and files of batches hold."""
