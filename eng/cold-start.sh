#!/usr/bin/env bash
# What starting a program that only scores costs, by how it was published: eng/cold-start.sh [RUNS]. Processor time, user and system, from begin to end of
# test/Microsoft.ML.Lstm.AotScoring, which loads one recorded model and checks the bits of its scores; the least and the median of RUNS (15), taken in turn, so that whatever else
# the machine does falls on all alike. Beside it the least wall time, which says something on an idle machine alone, and the bytes of what is deployed, without .NET where that is installed.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-15}
[[ $runs =~ ^[1-9][0-9]*$ ]] || { echo "RUNS is $runs; expected a whole number, 1 or more." >&2; exit 2; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
project=test/Microsoft.ML.Lstm.AotScoring program=Microsoft.ML.Lstm.AotScoring
architecture=$([[ $(uname -m) == aarch64 ]] && echo arm64 || echo x64)
mkdir "$scratch/models" && cp test/Microsoft.ML.Lstm.Tests/Models/Version1/regressor.{zip,txt} "$scratch/models"

# publish NAME PROPERTIES...
names=()
publish() {
  local name=$1
  shift
  names+=("$name")
  dotnet publish "$project" -c Release -r "linux-$architecture" -v q -clp:NoSummary -p:RunAnalyzers=false -p:DebugType=none "$@" -o "$scratch/$name" >&2
}

publish plain --no-self-contained
publish ready-to-run --no-self-contained -p:PublishReadyToRun=true
publish trimmed --self-contained -p:PublishTrimmed=true
publish trimmed-ready-to-run --self-contained -p:PublishTrimmed=true -p:PublishReadyToRun=true
publish ahead-of-time -p:PublishAot=true -p:StripSymbols=true

TIMEFORMAT='%3R %3U %3S'
for ((run = 0; run <= runs; run++)); do
  for name in "${names[@]}"; do
    { time "$scratch/$name/$program" "$scratch/models" > "$scratch/printed.txt"; } 2> "$scratch/time.txt" || { cat "$scratch/printed.txt" >&2; echo "$name scored other bits." >&2; exit 1; }
    # The first run fills the system's file cache.
    [[ $run == 0 ]] || awk '{ printf "%.0f %.0f\n", ($2 + $3) * 1000, $1 * 1000 }' "$scratch/time.txt" >> "$scratch/$name.times"
  done
done

# Column N of a file, sorted.
column() { cut -d' ' -f"$1" "$2" | sort -n; }

printf '| published | processor time, least | median | wall time, least | bytes |\n|---|---:|---:|---:|---:|\n'
for name in "${names[@]}"; do
  bytes=$(find "$scratch/$name" -type f ! -name '*.dbg' ! -name '*.pdb' ! -name '*.xml' -printf '%s\n' | awk '{ sum += $1 } END { printf "%.1f", sum / 1e6 }')
  printf '| %s | %d ms | %d ms | %d ms | %s MB |\n' "${name//-/ }" "$(column 1 "$scratch/$name.times" | head -n 1)" "$(column 1 "$scratch/$name.times" | sed -n "$(((runs + 1) / 2))p")" \
    "$(column 2 "$scratch/$name.times" | head -n 1)" "$bytes"
done
