#!/bin/sh
# What `make demo` shows: rnntag and a sample corpus are given as $1 and $2, one of running text as $3.
set -eu
rnntag=$1 corpus=$2 text=$3
case $rnntag in /*) ;; *) rnntag=$PWD/$rnntag ;; esac
folder=$(mktemp -d)
ln -s "$PWD/sample_corpora" "$folder/sample_corpora"
trap 'rm -rf "$folder"' EXIT INT TERM

cd "$folder"

say() { printf '\n\033[1m$ %s\033[0m\n' "$*"; }

say "rnntag train $corpus/train.conll --dev $corpus/dev.conll --epochs 15 -o demo.rnntag"
"$rnntag" train "$corpus/train.conll" --dev "$corpus/dev.conll" --epochs 15 -o demo.rnntag

say "rnntag eval -m demo.rnntag $corpus/test.conll"
"$rnntag" eval -m demo.rnntag "$corpus/test.conll"

say "rnntag tag -m demo.rnntag --color always < requests.txt"
"$rnntag" tag -m demo.rnntag --color always <<'END'
wake me at seven tomorrow morning
play something by the velvet foxes in the kitchen
book a train from hamburg to prague on friday for two people
uh could you turn the heating in the bedroom down to 18 degrees please
END

say "echo 'remind me to call grandma at 6' | rnntag tag -m demo.rnntag --probabilities"
echo 'remind me to call grandma at 6' | "$rnntag" tag -m demo.rnntag --probabilities

say "echo 'Remind me to call Grandma at 6.' | rnntag tag -m demo.rnntag --characters --to jsonl"
echo 'Remind me to call Grandma at 6.' | "$rnntag" tag -m demo.rnntag --characters --to jsonl

say "rnntag train --task punctuation $text/train.txt --dev $text/dev.txt --epochs 6 -o marks.rnntag"
"$rnntag" train --task punctuation "$text/train.txt" --dev "$text/dev.txt" --epochs 6 -o marks.rnntag

say "rnntag tag -m marks.rnntag --sentences < words.txt"
"$rnntag" tag -m marks.rnntag --sentences <<'END'
when the old man opened the door nobody was there he looked left and right and then he laughed who would
play such a trick on a monday morning first put the flour the eggs and the milk in a bowl then stir until
it is smooth if it is too thick add a little water
END
