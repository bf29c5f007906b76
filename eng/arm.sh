#!/usr/bin/env bash
# 64-bit Arm, emulated on an x64 machine: the bits of training and scoring must be those of x64. Needs Debian's qemu-user-static and gcc-aarch64-linux-gnu, or
# eng/arm.sh --install as root. Steps may be named, of networks, program, ahead_of_time (after program) and service. Exit code 0: the same bits; 1: others, or a step failed; 3: a program that it needs is not installed.
set -uo pipefail
cd "$(dirname "$0")/.."
repository=$PWD
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# The emulated system has neither the libraries of cultures nor those of diagnostics, and needs none. .NET writes code through a second mapping of its page, which an emulator
# before QEMU 8.1 does not see: it goes on with its translation of what was there before (a wrong cast in generated code, or an access violation anywhere). So it shall write in place.
export DOTNET_EnableWriteXorExecute=0
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_EnableDiagnostics=0

installed() { command -v qemu-aarch64-static > /dev/null && command -v aarch64-linux-gnu-gcc > /dev/null; }
if [[ ${1:-} == --install ]] && ! installed; then
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends qemu-user-static gcc-aarch64-linux-gnu libc6-dev-arm64-cross \
    libstdc++-12-dev-arm64-cross; } > "$scratch/apt.log" 2>&1 || tail -n 3 "$scratch/apt.log"
fi
installed || { echo "No emulator or no cross compiler is installed; expected Debian's qemu-user-static and gcc-aarch64-linux-gnu, or --install as root."; exit 3; }

arm() { qemu-aarch64-static -L /usr/aarch64-linux-gnu "$@"; }

# publish RUNTIME PROJECT FOLDER PROPERTIES...
publish() {
  local runtime=$1 project=$2 folder=$3
  shift 3
  dotnet publish "$project" -c Release -r "$runtime" -v q -clp:NoSummary -p:RunAnalyzers=false "$@" -o "$folder"
}

# same NAME FILE FILE: of x64 and of Arm.
same() {
  diff "$2" "$3" > "$scratch/difference" && { echo "$1: the same bits"; return; }
  echo "$1: other bits on Arm (>) than on x64 (<)"
  head -n 40 "$scratch/difference"
  return 1
}

# Training and scoring of every kind of network, a line each, by the .NET runtime; the first line says how wide the vectors are. Then the kernels on arrays at the edge of
# memory.
networks() {
  local project=test/Microsoft.ML.Lstm.Core.Tests runtime
  for runtime in linux-x64 linux-arm64; do
    publish $runtime "$project" "$scratch/$runtime" --self-contained -p:UseAppHost=true || return 1
  done
  "$scratch/linux-x64/Microsoft.ML.Lstm.Core.Tests" fingerprint > "$scratch/x64.txt" && arm "$scratch/linux-arm64/Microsoft.ML.Lstm.Core.Tests" fingerprint > "$scratch/arm64.txt" || return 1
  arm "$scratch/linux-arm64/Microsoft.ML.Lstm.Core.Tests" guarded && echo "kernels at the edge of memory: none goes beyond its arrays" || return 1
  echo "$(wc -l < "$scratch/x64.txt") lines, x64 with $(head -n 1 "$scratch/x64.txt"), Arm with $(head -n 1 "$scratch/arm64.txt")"
  [[ $(wc -l < "$scratch/x64.txt") -gt 100 ]] && same "networks" <(tail -n +2 "$scratch/x64.txt") <(tail -n +2 "$scratch/arm64.txt")
}

# The README's first program, which trains with ML.NET, saves, loads and predicts; two epochs of the last forty years, which take a minute emulated: each fused
# multiply-add is a call there.
program() {
  local work=$scratch/program runtime
  mkdir -p "$work" && sed 's/numberOfEpochs: 10/numberOfEpochs: 2/' test/Microsoft.ML.Lstm.PublicApi.Tests/ReadmeExample.cs > "$work/Program.cs" && cat > "$work/Program.csproj" << XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable></PropertyGroup>
  <ItemGroup><ProjectReference Include="$repository/src/Microsoft.ML.Lstm/Microsoft.ML.Lstm.csproj" /></ItemGroup>
</Project>
XML
  for runtime in linux-x64 linux-arm64; do
    publish $runtime "$work/Program.csproj" "$work/$runtime" --self-contained &&
      { head -n 1 src/Samples/Data/sunspots-monthly.csv; tail -n 480 src/Samples/Data/sunspots-monthly.csv; } > "$work/$runtime/sunspots-monthly.csv" || return 1
  done
  (cd "$work/linux-x64" && ./Program > forecast.txt) && (cd "$work/linux-arm64" && arm ./Program > forecast.txt) || return 1
  cat "$work/linux-x64/forecast.txt"
  [[ $(wc -w < "$work/linux-x64/forecast.txt") == 12 ]] && same "training with ML.NET" "$work/linux-x64/forecast.txt" "$work/linux-arm64/forecast.txt"
}

# Compiled ahead of time, by Debian's cross compiler, which has the target in its name and knows no --target.
ahead_of_time() {
  local folder=$scratch/aot program=Microsoft.ML.Lstm.AotScoring
  printf '#!/usr/bin/env bash\nexec aarch64-linux-gnu-gcc "${@/#--target=*/-pipe}"\n' > "$scratch/gcc" && chmod +x "$scratch/gcc" &&
    publish linux-arm64 test/$program "$folder" -p:PublishAot=true -p:CppCompilerAndLinker="$scratch/gcc" -p:ObjCopyName=aarch64-linux-gnu-objcopy || return 1
  echo "$program for Arm: $(stat -c %s "$folder/$program") bytes, needs $(aarch64-linux-gnu-objdump -p "$folder/$program" | sed -n 's/ *NEEDED *//p' | xargs)"
  arm "$folder/$program" test/Microsoft.ML.Lstm.Tests/Models/Version1 || return 1
  cp "$scratch/program/linux-arm64/model.zip" "$folder/" && tail -n 132 src/Samples/Data/sunspots-monthly.csv | cut -d, -f2 > "$folder/window.txt" &&
    (cd "$folder" && arm ./$program < window.txt > forecast.txt) && same "scoring ahead of time" "$scratch/program/linux-x64/forecast.txt" "$folder/forecast.txt"
}

# The service of src/Samples.Service as its image has it, but that .NET is beside it: one forecast over HTTP.
service() {
  local work=$scratch/service
  publish linux-x64 src/Samples.Service "$work/linux-x64" --self-contained && publish linux-arm64 src/Samples.Service "$work/linux-arm64" --self-contained || return 1
  one_forecast 18081 "$work/linux-x64" > "$work/x64.json" && one_forecast 18082 "$work/linux-arm64" arm > "$work/arm64.json" || return 1
  head -c 120 "$work/x64.json"; echo
  grep -q '"values"' "$work/x64.json" && same "the service" "$work/x64.json" "$work/arm64.json"
}

# one_forecast PORT FOLDER [EMULATOR]
one_forecast() {
  local port=$1 folder=$2 i rc
  (cd "$folder" && Forecasting__ModelPath=$repository/test/Microsoft.ML.Lstm.Tests/SavedModels/Recorded/forecaster.zip ASPNETCORE_URLS=http://127.0.0.1:$port \
    exec ${3:+qemu-aarch64-static -L /usr/aarch64-linux-gnu} ./Samples.Service > "$scratch/service.log" 2>&1) &
  for ((i = 0; i < 120; i++)); do curl -sf "http://127.0.0.1:$port/health/ready" > /dev/null && break; sleep 1; done
  curl -sf -H 'content-type: application/json' "http://127.0.0.1:$port/forecast" \
    -d "{\"values\":[$(seq -s, 1 50),$(seq -s, 50 -1 1)],\"lastTime\":\"2024-01-31T00:00:00\"}" || { cat "$scratch/service.log" >&2; false; }
  rc=$?
  kill %% && wait %% 2> /dev/null
  return $rc
}

[[ ${1:-} == --install ]] && shift
(($#)) || set -- networks program ahead_of_time service
for step in "$@"; do
  "$step" || exit 1
done
