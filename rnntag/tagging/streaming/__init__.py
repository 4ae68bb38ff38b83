"""Running text and streams: tags as soon as they are final, in constant memory."""
