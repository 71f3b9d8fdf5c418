#!/bin/sh
# Trains and measures a student, from the examples on: the words, the teachers' vectors, distilling, telling neighbours apart.
#
#     whole.sh EXAMPLES COSQA OUT TEACHER [TEACHER...]
#
# The student begins at layers of the first teacher and keeps its vocabulary, unless NEW_WORDS=yes; with FORM= it reads
# texts as they are. The environment may set what stands below. What is in OUT already is not made again, so that a run
# that was cut off goes on; exporting is left to a machine with the product.
set -eu
: "${DEVICE:=cpu}" "${WORKERS:=1}" "${BATCH:=96}" "${AT_ONCE:=}"
: "${LAYERS:=0,1,2,3,4,5}" "${FORM=distinct words}" "${NEW_WORDS:=no}"
: "${DISTILL_STEPS:=3000}" "${DISTILL_MINUTES:=inf}" "${DISTILL_RATE:=6e-5}"
: "${CONTRAST_STEPS:=1500}" "${CONTRAST_MINUTES:=inf}" "${CONTRAST_RATE:=4e-5}" "${CONTRAST_GROUP:=12}"

examples=$1 cosqa=$2 out=$3
shift 3
export PYTHONPATH="$(dirname "$0")/..${PYTHONPATH:+:$PYTHONPATH}"
mkdir -p "$out"
done_once() { [ -e "$out/$1.done" ] || { name=$1; shift; echo "$name" >&2; "$@" && touch "$out/$name.done"; }; }

first=$1 taught= words=$1
if [ "$NEW_WORDS" = yes ]; then
    words=$out/words
    done_once words python3 -m training.vocabulary "$first" "$examples" "$words"
fi
for teacher in "$@"; do
    name=taught-$(basename "$teacher")
    done_once "$name" python3 -m training.teaching "$teacher" "$examples" "$out/$name" --device "$DEVICE" ${AT_ONCE:+--at-once "$AT_ONCE"}
    taught="$taught $out/$name"
done
# shellcheck disable=SC2086 # the folders are words of their own
learning() {
    python3 -m training.learning "$examples" "$@" --taught $taught --form "$FORM" \
        --device "$DEVICE" --workers "$WORKERS" --batch "$BATCH" ${AT_ONCE:+--at-once "$AT_ONCE"}
}
done_once distilled learning "$out/distilled" --teacher "$first" --words "$words" --layers "$LAYERS" \
    --steps "$DISTILL_STEPS" --minutes "$DISTILL_MINUTES" --rate "$DISTILL_RATE"
done_once trained learning "$out/trained" --begin "$out/distilled" \
    --steps "$CONTRAST_STEPS" --minutes "$CONTRAST_MINUTES" --rate "$CONTRAST_RATE" \
    --group "$CONTRAST_GROUP" --asked-share 0.6 --contrast 1 --cosine 0.5 --divergence 0.5
for stage in distilled trained; do
    python3 -m training.measuring cosqa "$cosqa" "$out/$stage" --form "$FORM" --device "$DEVICE"
done
