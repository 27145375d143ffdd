# shellcheck shell=bash
# Coverage-guided fuzzing of the targets in fuzz/. Sourced by ./x, which defines say, die, have, root and shared_cache.
#
# cargo-fuzz asks for a nightly compiler only because of its sanitizers. No crate of ours has unsafe code, so they are left out,
# and the stable compiler is enough.

# fuzz_targets: names of the targets, one a line.
fuzz_targets() { sed -n 's/^name = "\(.*\)"$/\1/p' "$root/fuzz/Cargo.toml" | grep -v '^jinsheng-'; }

fuzz_set_up() {
    setup_for fuzz
    cargo fuzz --version >/dev/null 2>&1 && return
    say "安装 cargo-fuzz（约一分钟）" "installing cargo-fuzz (about a minute)"
    env -u CARGO_BUILD_BUILD_DIR -u RUSTC_WORKSPACE_WRAPPER cargo install --locked --quiet cargo-fuzz ||
        die "装不上 cargo-fuzz：cargo install --locked cargo-fuzz" "cargo-fuzz could not be installed: cargo install --locked cargo-fuzz"
    PATH="${CARGO_HOME:-${HOME:-}/.cargo}/bin:$PATH"
}

# fuzz_build TARGET…: sets fuzz_bin to the folder of the binaries. Dependencies are built with other flags than for ./x test,
# so they have a folder of their own.
fuzz_build() {
    local folder=$root/fuzz/target
    [ -z "$shared_cache" ] || folder=$shared_cache-fuzz
    say "编译模糊测试目标（第一次约十分钟）" "building the fuzz targets (about ten minutes the first time)"
    # One target or all of them: cargo-fuzz takes no list.
    [ $# -eq 1 ] || set --
    env -u CARGO_BUILD_BUILD_DIR -u RUSTC_WORKSPACE_WRAPPER cargo fuzz build --sanitizer none --target-dir "$folder" "$@" ||
        die "模糊测试目标编译失败" "the fuzz targets do not build"
    fuzz_bin=$folder/$(rustc -vV | sed -n 's/^host: //p')/release
}

# fuzz_run TARGET SECONDS: one line of figures; false when something was found.
fuzz_run() {
    local target=$1 seconds=$2 status=0 log executions
    local found=$root/fuzz/found/$target artifacts=$root/fuzz/artifacts
    mkdir -p -- "$found" "$artifacts"
    log=$artifacts/$target.log
    "$fuzz_bin/$target" "$found" "$root/fuzz/corpus/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -max_len=65536 -print_final_stats=1 -artifact_prefix="$artifacts/$target-" >"$log" 2>&1 || status=$?
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1)
    if [ "$status" -eq 0 ]; then
        printf '%-10s %12s %8s s  ok\n' "$target" "${executions:-?}" "$seconds"
        return
    fi
    printf '%-10s %12s %8s s  FOUND\n' "$target" "${executions:-?}" "$seconds"
    grep -E '^(thread |SUMMARY|artifact_prefix|.*panicked|  left|  right|==[0-9]+== ERROR)' "$log" | tail -n 12 >&2 || true
    return 1
}

cmd_fuzz() {
    local target=all seconds=60 failed=0 name folder
    if [ $# -gt 0 ]; then
        case "$1" in
            *[!0-9]*) target=$1; shift ;;
        esac
    fi
    if [ $# -gt 0 ]; then seconds=$1; fi
    case "$seconds" in '' | *[!0-9]*) die "秒数应为整数：$seconds" "seconds are a whole number, not $seconds" ;; esac
    if [ "$target" != all ] && ! fuzz_targets | grep -qx -- "$target"; then
        die "没有目标 $target；有：$(fuzz_targets | tr '\n' ' ')" "no target $target; there are: $(fuzz_targets | tr '\n' ' ')"
    fi
    fuzz_set_up
    local targets
    if [ "$target" = all ]; then targets=$(fuzz_targets); else targets=$target; fi
    # shellcheck disable=SC2086 # a list of words
    fuzz_build $targets
    # Imports sync what they write; in memory that costs nothing.
    folder=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")")
    for name in $targets; do
        TMPDIR=$folder fuzz_run "$name" "$seconds" || failed=1
    done
    rm -rf -- "$folder"
    if [ "$failed" -ne 0 ]; then
        die "发现问题：输入在 fuzz/artifacts；修复后请把它放进 fuzz/corpus" \
            "something was found: the input is in fuzz/artifacts; once it is fixed, put the input into fuzz/corpus"
    fi
}
