"""Bytes of files: read whole or in bursts of lines, decompressed and compressed, written whole or not at all.

Its face: `open_source`, `check_source`, `source_name`, `lines_of`, `size_of` (sources); `bursts`, `stretches`,
`beginning`, `undecoded`, `MARK`, `ESCAPED` (lines); `packed`, `without_suffix` (compressed); `replacing`, `filling`,
`write_whole`, `check_writable`, `writing` (whole); and the module `bundled`.
"""
