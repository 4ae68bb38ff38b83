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

say "rnntag train --task punctuation $text/train.txt --dev $text/dev.txt --epochs 12 -o marks.rnntag"
"$rnntag" train --task punctuation "$text/train.txt" --dev "$text/dev.txt" --epochs 12 -o marks.rnntag

say "rnntag tag -m marks.rnntag --sentences < words.txt"
"$rnntag" tag -m marks.rnntag --sentences <<'END'
when the painter albert moor died in 1901 a thousand people followed the coffin his last work finished in great
haste was long thought to be by somebody else his father a baker wanted him to join the army but he fell ill
instead he was buried in a quiet place in the hills where his grave can still be seen

what can i do for you i need a form do you have an appointment
END

say "rnntag train --task punctuation sample_corpora/punctuation_zh/train.txt --epochs 8 --quiet -o zh.rnntag"
"$rnntag" train --task punctuation sample_corpora/punctuation_zh/train.txt --epochs 8 --quiet -o zh.rnntag

say "echo 今天天气很好我们一起去公园吧你带水果我带面包和牛奶 | rnntag tag -m zh.rnntag"
echo 今天天气很好我们一起去公园吧你带水果我带面包和牛奶 | "$rnntag" tag -m zh.rnntag
