# shellcheck shell=bash
# What `./x bench` needs beside a compiler: a Python with DuckDB, which answers the same SQL. Sourced by ./x.

duckdb_version=1.4.2

# Sets JINSHENG_BENCH_PYTHON to a Python that has the package, or leaves it unset where that cannot be had.
bench_python() {
    local folder log
    unset JINSHENG_BENCH_PYTHON
    folder=${JINSHENG_CACHE:-${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/jinsheng}/duckdb-$duckdb_version
    if [ ! -e "$folder/complete" ]; then
        if ! have python3; then
            say "没有 python3：不与 DuckDB 比较" "no python3 here: nothing is compared with DuckDB"
            return
        fi
        say "安装 DuckDB $duckdb_version 的 Python 包" "installing the Python package of DuckDB $duckdb_version"
        log=$(mktemp)
        if ! { rm -rf -- "$folder" && python3 -m venv "$folder" &&
            "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "duckdb==$duckdb_version"; } >"$log" 2>&1; then
            tail -n 3 -- "$log" >&2
            rm -f -- "$log"
            say "装不上 DuckDB 的 Python 包（需要 python3-venv 和 pip）：不与 DuckDB 比较" \
                "the Python package of DuckDB cannot be installed (python3-venv and pip are needed): nothing is compared with it"
            return
        fi
        rm -f -- "$log"
        touch -- "$folder/complete"
    fi
    export JINSHENG_BENCH_PYTHON="$folder/bin/python"
}
