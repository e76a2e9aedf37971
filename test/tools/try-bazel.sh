#!/usr/bin/env bash
# Builds a fixture project with the rules of packages/bazel, without a network, and shows what Bazel ran each time: cold, again, after an edit of a comment in a source and
# in a header, after an edit of code, after `clean` from the disk cache; then the test rule, which must fail with the findings of `drvlint check`. Wants `bazel` (Debian:
# bazel-bootstrap, whose Java server makes it too slow for CI) and a built tree.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'bazel --output_user_root="$work/root" shutdown >/dev/null 2>&1 || true; chmod -R u+w "$work"; rm -rf "$work"' EXIT
mkdir -p "$work/ws/dll"
cp "$root"/fixtures/projects/resdll-c-broken/*.[ch] "$work/ws/dll/"
cd "$work/ws"
cat > WORKSPACE <<END
workspace(name = "drivers")
local_repository(name = "rules_drvlint", path = "$root/packages/bazel")
load("@rules_drvlint//:repositories.bzl", "drvlint_local")
drvlint_local(name = "drvlint", drvlint = "$root/packages/cli/bin/drvlint.js")
END
cat > dll/BUILD.bazel <<'END'
load("@rules_drvlint//:defs.bzl", "drvlint_library", "drvlint_test")
drvlint_library(name = "dll", srcs = glob(["*.c"]), hdrs = glob(["*.h"]), report_options = ["--preset", "all"])
drvlint_test(name = "lint", library = ":dll")
END
options=(--disk_cache="$work/cache" --override_repository=remote_coverage_tools="$root/packages/bazel/offline/remote_coverage_tools" --color=no --curses=no --noshow_progress)
run() { # label, command, more...
  printf '%s: ' "$1"
  bazel --output_user_root="$work/root" "$2" "${options[@]}" "${@:3}" >"$work/log" 2>&1 && status=0 || status=$?
  printf 'status %s; %s\n' "$status" "$(grep -oE 'INFO: [0-9]+ process.*' "$work/log" | cut -c7- || true)"
}
run 'cold' build //dll
cp bazel-bin/dll/dll.drvlint/report.txt "$work/bazel.txt"
node "$root/packages/cli/bin/drvlint.js" check --no-cache --no-config --preset all --format text dll >"$work/check.txt" 2>/dev/null || true
cmp "$work/bazel.txt" "$work/check.txt" && echo 'the report is that of drvlint check'
run 'again' build //dll
sed -i '1i /* a comment */' dll/workers.c
run 'a comment in a source' build //dll
sed -i '1i /* a comment */' dll/pulse.h
run 'a comment in a header' build //dll
echo 'int added_variable;' >> dll/startup.c
run 'code in a source' build //dll
run 'clean' clean
run 'from the disk cache' build //dll
run 'test' test --test_output=errors //dll:lint
grep -cE 'terminate-does-not-stop-worker' "$work/log" | sed 's/^/lines about one rule in the output of the test: /'
