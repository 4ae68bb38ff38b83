"""``python -m rnntag``"""

from rnntag.cli import main

main()
