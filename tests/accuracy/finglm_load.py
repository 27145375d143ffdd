#!/usr/bin/env python3
"""Loads the FinGLM workbooks into one SQLite database and expands the cases of finglm.yaml.

    finglm_load.py SHARED OUT.sqlite      build the database (SHARED is the folder above data)
    finglm_load.py SHARED --check         run every SQL of finglm.yaml and report what does not fit

One table a workbook, with the workbook's own headers. Codes are text, years are integers, numbers are REAL (so that a quotient of
two counts is no integer division). Placeholders become NULL:

- the three statements write -1 for a cell that the report lacks or that was not read
- baseinfo writes nan or 不适用
- people writes 0; a true zero cannot be told from it
"""

import hashlib
import json
import os
import pathlib
import sqlite3
import sys
import tempfile

# Table -> (text columns, year columns, the placeholder). All other columns are numbers.
_ID = ["信息来源", "股票代码", "股票简称", "证券代码", "证券简称"]
_YEAR = ["报告年份", "年份"]
TABLES = {
    "profit_statement": (_ID, _YEAR, "-1"),
    "cash_flow_statement": (_ID, _YEAR, "-1"),
    "balance_static": (_ID, _YEAR, "-1"),
    "people": (_ID, _YEAR, "0"),
    "baseinfo": (_ID + ["办公地址", "注册地址", "公司邮箱", "法定代表人", "公司网址"], _YEAR, "nan"),
    "company_annual_reports": (
        ["report_date", "company_full_name", "stock_code", "company_short_name", "report_type", "file_name"],
        ["report_year"],
        None,
    ),
    "industry": (["文件名", "申万行业"], [], None),
}
KEYS = {"company_annual_reports": ("stock_code", "report_year"), "industry": ("文件名",)}
LAYOUT = 2  # raise when the way of loading changes, so that cached databases are built anew


def _cell(value, kind, placeholder):
    if value is None:
        return None
    text = str(value).strip()
    if text in ("", "nan", "不适用"):
        return None
    if kind == "text":
        return text
    if kind == "year":
        return int(text.removesuffix("年"))
    number = float(text)
    if placeholder is not None and placeholder != "nan" and number == float(placeholder):
        return None
    return number


def build(folder, out):
    """Builds the database `out` from the workbooks in `folder`; the same workbooks give the same rows in the same order."""
    import openpyxl

    con = sqlite3.connect(out)
    for table, (texts, years, placeholder) in TABLES.items():
        book = openpyxl.load_workbook(pathlib.Path(folder) / f"{table}.xlsx", read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(values_only=True)
        head = [str(h) for h in next(rows)]
        kinds = ["text" if h in texts else "year" if h in years else "number" for h in head]
        sql_type = {"text": "TEXT", "year": "INTEGER", "number": "REAL"}
        columns = ", ".join(f'"{h}" {sql_type[k]}' for h, k in zip(head, kinds))
        con.execute(f'CREATE TABLE "{table}" ({columns})')
        con.executemany(
            f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(head))})',
            ([_cell(v, k, placeholder) for v, k in zip(row, kinds)] for row in rows),
        )
        keys = ", ".join(f'"{k}"' for k in KEYS.get(table, ("股票代码", "报告年份")))
        con.execute(f'CREATE UNIQUE INDEX "{table}_key" ON "{table}" ({keys})')
        book.close()
    con.commit()
    con.close()


def open_finglm(shared):
    """A read-only connection to the database of the workbooks in `shared`/data/finglm, built once for each state of the files."""
    folder = pathlib.Path(shared) / "data" / "finglm"
    state = hashlib.sha256(f"{LAYOUT}".encode())
    for table in TABLES:
        stat = (folder / f"{table}.xlsx").stat()
        state.update(f"{table} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    cache = pathlib.Path(tempfile.gettempdir()) / f"accuracy-finglm-{state.hexdigest()[:16]}.sqlite"
    if not cache.exists():
        part = cache.with_suffix(f".{os.getpid()}.part")
        part.unlink(missing_ok=True)
        build(folder, part)
        os.replace(part, cache)
    return sqlite3.connect(f"{cache.as_uri()}?mode=ro", uri=True)


def turns(shared):
    """The questions of the set, each a dialogue of one turn."""
    with open(pathlib.Path(shared) / "data" / "finglm" / "A-list-answer.json", encoding="utf-8") as file:
        return {str(json.loads(line)["id"]): 1 for line in file}


def load_cases(path):
    """The set of `path` with every case in the plain form of the README: `template` and `args` are replaced by `sql` (and `or`)."""
    import yaml

    with open(path, encoding="utf-8") as file:
        suite = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    templates = suite.pop("templates", {})

    def filled(name, args):
        text = templates[name]
        for key, value in args.items():
            assert str(value).isalnum(), value
            text = text.replace(f":{key}", f"'{value}'" if isinstance(value, str) else str(value))
        return text

    for case in suite["cases"]:
        for part in case.get("parts", [case]):
            if "template" in part:
                args = part.pop("args", None) or case.get("args")
                part["sql"] = filled(part.pop("template"), args)
                if "or" in part:
                    part["or"] = [filled(name, args) for name in part["or"]]
        case.pop("args", None)
    for group in suite.pop("refusals", []):
        for ident in group["ids"]:
            case = {"id": f"{ident}/1", "category": group["category"], "expect": "refused", "excluded": True}
            case.update({k: group[k] for k in ("missing", "also", "why") if k in group})
            suite["cases"].append(case)
    return suite


def _check(shared):
    con = open_finglm(shared)
    suite = load_cases(pathlib.Path(__file__).with_name("finglm.yaml"))
    wrong = 0
    for case in suite["cases"]:
        for part in case.get("parts", [case]):
            for sql in ([part["sql"]] if "sql" in part else []) + part.get("or", []):
                rows = con.execute(sql).fetchall()
                if not rows or any(v is None for row in rows for v in row):
                    print(f"{case['id']}: no row or an empty cell: {rows}")
                    wrong += 1
            if part["expect"] == "answered" and "sql" not in part:
                print(f"{case['id']}: answered without SQL")
                wrong += 1
    counted = sum("excluded" not in c for c in suite["cases"])
    print(f"{len(suite['cases'])} cases, {counted} of them with all columns there; {wrong} do not fit")
    return wrong == 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    if sys.argv[2] == "--check":
        sys.exit(0 if _check(sys.argv[1]) else 1)
    build(pathlib.Path(sys.argv[1]) / "data" / "finglm", sys.argv[2])
