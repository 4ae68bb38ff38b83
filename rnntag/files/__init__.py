"""Bytes of files: read whole or in bursts of lines, unpacked and packed, written whole or not at all."""
