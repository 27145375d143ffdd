# shellcheck shell=bash
# What a machine must have, and where builds go. Sourced by ./x, which defines say, die, have, in_ci, root and lang.

shared_cache=""   # the shared build folder in use; empty when cargo's own target/ is
min_rust=1.95

# setup_for cargo|build|fuzz|test: each level includes `cargo`; `fuzz` and `test` include `build`.
setup_for() {
    find_cargo
    use_shared_cache
    case "$1" in
        build | fuzz | test) find_packages "$1" ;;
    esac
    if [ "$1" = test ]; then
        need_component fmt rustfmt
        need_component clippy rust-clippy
        want_nextest
    fi
}

# Tests run without it too, only slower: where it cannot be had, that is no failure.
want_nextest() {
    local log
    cargo nextest --version >/dev/null 2>&1 && return
    say "安装 cargo-nextest（约需几分钟）" "installing cargo-nextest (takes some minutes)"
    log=$(mktemp)
    # Outside the shared build folder, and without the wrapper that keeps crates of clones apart.
    env -u CARGO_BUILD_BUILD_DIR -u RUSTC_WORKSPACE_WRAPPER cargo install --locked --quiet cargo-nextest >"$log" 2>&1 || tail -n 3 -- "$log" >&2
    rm -f -- "$log"
}

find_cargo() {
    have cargo || PATH="${CARGO_HOME:-${HOME:-}/.cargo}/bin:$PATH"
    have cargo && have rustc || die "找不到 cargo 和 rustc：请安装 Rust $min_rust 或更新的版本（rustup）" \
        "cargo and rustc not found: install Rust $min_rust or later (rustup)"
    rust_version=$(rustc -vV | sed -n 's/^release: //p')
    [ "$(printf '%s\n%s\n' "$min_rust" "$rust_version" | sort -V | head -n 1)" = "$min_rust" ] ||
        die "Rust $rust_version 太旧，需要 $min_rust 或更新的版本" "Rust $rust_version is too old, $min_rust or later is needed"
}

# need_component SUBCOMMAND PACKAGE: a cargo subcommand that comes with the toolchain, but not always.
need_component() {
    cargo "$1" --version >/dev/null 2>&1 && return
    if have rustup; then
        say "安装工具链组件 $1" "installing toolchain component $1"
        rustup component add "${2#rust-}" >/dev/null 2>&1 || true
    fi
    cargo "$1" --version >/dev/null 2>&1 || die "缺少 cargo $1：rustup component add ${2#rust-}，或安装系统软件包 $2" \
        "cargo $1 is missing: rustup component add ${2#rust-}, or install the system package $2"
}

# --- system packages ---------------------------------------------------------------------------------------------

compiles_c() {
    have cc && printf '#include <stdio.h>\nint main(void) { return 0; }\n' | cc -x c -o /dev/null - 2>/dev/null
}

missing_packages() {
    compiles_c || printf 'gcc libc6-dev '
    if [ "$1" = fuzz ] && ! have c++; then printf 'g++ '; fi
    if [ "$1" = test ]; then
        # SQL made for other engines is executed on them.
        [ -n "$(postgres_bin)" ] || printf 'postgresql '
        have sqlite3 || printf 'sqlite3 '
    fi
}

find_packages() {
    local missing sudo="" log
    missing=$(missing_packages "$1")
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" -ne 0 ]; then sudo="sudo -n"; fi
    if ! have apt-get || { [ -n "$sudo" ] && ! sudo -n true 2>/dev/null; }; then
        die "缺少系统软件包：$missing
请安装后重试：sudo apt-get install $missing" "system packages are missing: $missing
install them and try again: sudo apt-get install $missing"
    fi
    log=$(mktemp)
    say "更新软件包目录" "reading the package lists"
    # shellcheck disable=SC2086 # $sudo and $missing are lists of words
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq update >"$log" 2>&1 || cat "$log" >&2
    say "安装系统软件包：$missing" "installing system packages: $missing"
    # shellcheck disable=SC2086
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends $missing >"$log" 2>&1 || {
        cat "$log" >&2
        rm -f -- "$log"
        die "apt-get 未能安装：$missing" "apt-get could not install: $missing"
    }
    rm -f -- "$log"
    missing=$(missing_packages "$1")
    [ -z "$missing" ] || die "安装之后仍缺少：$missing" "still missing after the installation: $missing"
}

# --- shared dependency cache -------------------------------------------------------------------------------------
#
# One build folder for all clones on a machine, a folder for each release of rustc. Cargo names each dependency in it by its entry in Cargo.lock,
# its features and the profile, so that clones with different lock files live side by side. Crates of the workspace, however,
# it names by their path *inside* the workspace and takes a newer artefact of another clone for its own; hence RUSTC_WORKSPACE_WRAPPER, whose
# path is part of the name. Finished binaries go to the clone's own target/.

use_shared_cache() {
    local folder=${JINSHENG_CACHE:-${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/jinsheng}
    if [ -n "${CARGO_BUILD_BUILD_DIR:-}${CARGO_TARGET_DIR:-}${RUSTC_WORKSPACE_WRAPPER:-}" ]; then return; fi
    if ! mkdir -p -- "$folder/build-$rust_version" 2>/dev/null || [ ! -w "$folder/build-$rust_version" ]; then
        say "缓存目录 $folder 不可写，改用 target/" "the cache folder $folder cannot be written, using target/"
        return
    fi
    shared_cache="$folder/build-$rust_version"
    export CARGO_BUILD_BUILD_DIR="$shared_cache"
    export RUSTC_WORKSPACE_WRAPPER="$root/.ci/workspace-rustc"
    touch -- "$shared_cache/.last-used"
    # Which clone made which crates; the wrappers note it.
    JINSHENG_CLONE="$shared_cache/.clones/$(printf '%s' "$root" | cksum | tr ' ' -)"
    mkdir -p -- "$JINSHENG_CLONE"
    if [ "$(cat -- "$JINSHENG_CLONE/root" 2>/dev/null)" != "$root" ]; then
        printf '%s\n' "$root" >"$JINSHENG_CLONE/root.$$"
        mv -f -- "$JINSHENG_CLONE/root.$$" "$JINSHENG_CLONE/root"   # never half written: another ./x may be reading it
    fi
    touch -- "$JINSHENG_CLONE/root"
    export JINSHENG_CLONE
    forget_clones
    prune_cache "$folder"
}

cache_limit_kb=$((30 * 1024 * 1024))
folder_kb() { du -sk -- "$1" 2>/dev/null | cut -f 1; }

# under_lock COMMAND…: runs it with each profile's folder, but never while cargo builds there; false when it did for one.
under_lock() {
    local lock busy=""
    for lock in "$shared_cache"/*/.cargo-lock; do
        [ -e "$lock" ] || continue
        ( flock -n 9 || exit 3; "$@" "$(dirname -- "$lock")" ) 9>>"$lock" || busy=yes
    done
    [ -z "$busy" ]
}

# What clones made that are gone, or that nobody used for 7 days. Costs nothing when there are none.
forget_clones() {
    local clone path
    have flock || return 0
    for clone in "$shared_cache"/.clones/*/; do
        path=$(cat -- "${clone}root" 2>/dev/null) || continue
        if [ -e "$path/x" ] && [ -z "$(find "${clone}root" -mtime +7 2>/dev/null)" ]; then continue; fi
        # The notes go last: where a profile was in use, the next command tries again.
        if under_lock forget_crates "$clone"; then
            rm -rf -- "$clone"
            say "已删除工作副本 $path 的缓存（该副本已不存在或 7 天未用）" "removed what $path had built: it is gone, or unused for 7 days"
        fi
    done
}

forget_crates() {
    local clone=$1 profile=$2 note hash
    for note in "$clone$(basename -- "$profile")"-*; do
        hash=${note##*-}
        case "$hash" in *[!0-9a-f]* | "") continue ;; esac
        rm -rf -- "$profile"/deps/*-"$hash" "$profile"/deps/*-"$hash".* "$profile"/examples/*-"$hash" "$profile"/examples/*-"$hash".* \
            "$profile"/build/*-"$hash" "$profile"/.fingerprint/*-"$hash"
    done
}

# Every six hours: folders of other compilers that nobody used for 30 days go; above 30 GB, old parts of this one.
prune_cache() {
    local folder=$1 other kb
    [ -z "$(find "$folder/.pruned" -mmin -360 2>/dev/null)" ] || return 0
    touch -- "$folder/.pruned"
    for other in "$folder"/build-*; do
        if [ "$other" != "$shared_cache" ] && [ -z "$(find "$other" -maxdepth 3 -mtime -30 -print -quit 2>/dev/null)" ]; then
            say "删除 30 天未用的缓存 $other" "removing the cache $other, unused for 30 days"
            rm -rf -- "$other"
        fi
    done
    kb=$(folder_kb "$shared_cache")
    [ "${kb:-0}" -gt "$cache_limit_kb" ] || return 0
    say "缓存 $shared_cache 已有 $((kb / 1024 / 1024)) GB，正在清理" "the cache $shared_cache holds $((kb / 1024 / 1024)) GB, tidying up"
    have flock || return 0
    under_lock prune_profile || rm -f -- "$folder/.pruned"   # then the next command tries again
}

prune_profile() {
    local profile=$1 name minutes
    name=$(basename -- "$profile")
    # First what clones rebuild in a minute: their own crates, the oldest first.
    for minutes in 4320 1440 360; do
        find "$profile/incremental" "$shared_cache"/.clones/*/"incremental-$name" -mindepth 1 -maxdepth 1 -mmin "+$minutes" \
            -exec rm -rf -- {} + 2>/dev/null || true
        find "$profile/deps" -maxdepth 1 -type f -mmin "+$minutes" \( -name '*jinsheng*' -o -name 'it-*' -o -name '*xtask*' \
            -o -name '*accuracy-*' -o -name 'speed-*' -o -name 'repository-*' \) -delete 2>/dev/null || true
        [ "$(folder_kb "$shared_cache")" -gt "$cache_limit_kb" ] || return 0
    done
    say "仍超过 30 GB：清空 $profile，下次编译约十分钟" "still above 30 GB: emptying $profile, the next build takes about ten minutes"
    find "$profile" -mindepth 1 -maxdepth 1 ! -name .cargo-lock -exec rm -rf -- {} +
}
