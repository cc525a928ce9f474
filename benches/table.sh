#!/usr/bin/env bash
# One table of ThreadX beside its peers, parity first: benches/table.sh DATA [THREADS] [RUNS].
# DATA is the directory that benches/peers/prepare.py wrote; the peers' environment must be active (see benches/peers).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
data=${1:?the directory that benches/peers/prepare.py wrote} threads=${2:-1} runs=${3:-5}
out=$(mktemp -d)

# workload size combinations bars peers
cells() {
    cat <<'CELLS'
W1 1M 1 1000000 raptorbt,vectorbt,numba
W1 10M 1 10000000 raptorbt,vectorbt,numba
W2 10k 10000 100000 numba
W3 10k 10011 200000 vectorbt,numba
W4 1 100 100000 numba
W4 10 1000 100000 numba
W4 100 10000 100000 numba
W6 100 100 26000 numba
W7 50x1000 50000 26000 numba
CELLS
}

while read -r workload size combos bars peers; do
    sql=$(python benches/peers/run.py --workload "$workload" --size "$size" --sql)
    cargo bench -q --bench sql -- --workload "$workload" --size "$size" --combos "$combos" --bars "$bars" --data "$data" \
        --threads "$threads" --runs "$runs" --results "$out/$workload-$size-threadx.csv" "$sql" >> "$out/ours.jsonl"
    for peer in ${peers//,/ }; do
        few=()
        [[ $workload-$peer == W3-vectorbt ]] && few=(--combos 100)
        python benches/peers/run.py --workload "$workload" --size "$size" --peer "$peer" --data "$data" \
            --threads "$threads" --runs "$runs" --results "$out" "${few[@]}" >> "$out/peers.jsonl"
    done
done < <(cells)
python benches/peers/compare.py "$out/ours.jsonl" "$out/peers.jsonl"
