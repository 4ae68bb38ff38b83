"""Where quotation marks open and close, and where a full stop ends no sentence."""

import pytest
from punctuated import shown


@pytest.mark.parametrize(
    ("text", "tagged"),
    [
        ("Mr. Smith and Dr. No vs. St. Paul", "mr smith and dr no vs st paul"),
        ("J. R. Smith left. So did I. Then you", "j r smith left/PERIOD so did i/PERIOD then you"),
        ("The U.S. army, e.g. here, at 5 p.m. on", "the u.s army/COMMA e.g here/COMMA at 5 p.m on"),
        ("It is in the U.S. Then we left at 5 p.m.", "it is in the u.s/PERIOD then we left at 5 p.m/PERIOD"),
        ("Eggs, etc. and Smith Inc. on Dec. 5, No. 7.", "eggs/COMMA etc and smith inc on dec 5/COMMA no 7/PERIOD"),
        ("Eggs etc. Then no. He said no. “Yes”", "eggs etc/PERIOD then no/PERIOD he said no/PERIOD “ yes ”"),
        ("1. Open it.\n2. Close it: 7. No\na. b", "1 open it/PERIOD 2 close it/COMMA 7/PERIOD no a b"),
        ("1、打开。2、关", "1 打 开/PERIOD 2/PAUSE 关"),
    ],
)
def test_full_stops_that_end_no_sentence(text, tagged):
    assert shown(text) == tagged
