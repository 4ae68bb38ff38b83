"""Gold tags against predicted ones: counts, scores, significance, mistakes, calibration."""
