#!/usr/bin/env python3
"""Loads the CSV files of a demo project (`jinsheng init … --demo`) into one SQLite database.

    demo_load.py PROJECT OUT.sqlite       build the database (PROJECT is the folder above data)

One table a file, with the file's own headers. Codes, names and dates are text, report years are integers, all other numbers NUMERIC; empty
cells are NULL. `open_demo` keeps the database in the folder of temporary files, under a hash of the data, and opens it read-only.
"""

import csv
import hashlib
import os
import pathlib
import sqlite3
import sys
import tempfile

LAYOUT = 2  # raise when the way of loading changes, so that cached databases are built anew
TABLES = {
    "companies": None,
    "income_statement": ("company_code", "report_period", "note"),
    "balance_sheet": ("company_code", "report_period", "note"),
    "cash_flow": ("company_code", "report_period", "note"),
    "indicators": ("company_code", "report_period", "note"),
    "funds": (
        "fund_code", "short_name", "full_name", "english_name", "nickname", "product_kind", "fund_type", "risk_level", "manager",
        "fund_company", "inception_date", "operation_mode", "maturity_date", "benchmark_index_code", "note",
    ),
    "fund_nav": ("nav_date", "fund_code", "note"),
    "indices": None,
    "index_daily": ("trade_date", "index_code", "note"),
    "macro": ("month", "note"),
    "branches": None,
    "relationship_managers": None,
    "clients": None,
    "holdings": ("as_of_date", "client_id", "product_code", "note"),
    "client_aum": ("month_end", "client_id", "note"),
    "transactions": ("trade_date", "transaction_id", "client_id", "product_code", "kind", "note"),
    "maturities": ("client_id", "product_name", "kind", "product_code", "start_date", "maturity_date", "note"),
}
"""Table -> its text columns; None if all are text. All other columns are numbers."""
KEYS = {
    "companies": "company_code",
    "income_statement": "company_code, report_year, report_period",
    "balance_sheet": "company_code, report_year, report_period",
    "cash_flow": "company_code, report_year, report_period",
    "indicators": "company_code, report_year, report_period",
    "funds": "fund_code",
    "fund_nav": "fund_code, nav_date",
    "indices": "index_code",
    "index_daily": "index_code, trade_date",
    "macro": "month",
    "branches": "branch_id",
    "relationship_managers": "manager_id",
    "clients": "client_id",
    "holdings": "client_id, product_code",
    "client_aum": "client_id, month_end",
    "transactions": "transaction_id",
}


VIEWS = {
    # Every report of every company: three statements, indicators and company in one row. `period` as the gold writes it: 2025, 2025H1.
    "filings": """SELECT *, report_year || CASE report_period WHEN 'FY' THEN '' ELSE report_period END AS period,
        CASE report_period WHEN 'Q1' THEN 1 WHEN 'H1' THEN 2 WHEN 'Q3' THEN 3 ELSE 4 END AS n
        FROM income_statement JOIN balance_sheet USING (company_code, report_year, report_period)
        JOIN cash_flow USING (company_code, report_year, report_period)
        JOIN indicators USING (company_code, report_year, report_period) JOIN companies USING (company_code)""",
    # Every client with manager and branch.
    "book": "SELECT c.*, m.manager_name, m.branch_id, b.branch_name, b.city FROM clients c "
    "JOIN relationship_managers m USING (manager_id) JOIN branches b USING (branch_id)",
}


def _cell(text, kind):
    if text == "":
        return None
    return {"TEXT": str, "INTEGER": int, "NUMERIC": float}[kind](text)


def build(project, out):
    """Builds the database `out`; the same files give the same rows in the same order."""
    con = sqlite3.connect(out)
    for table, text in TABLES.items():
        with open(pathlib.Path(project) / "data" / f"{table}.csv", encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            head = next(reader)
            kinds = ["INTEGER" if c == "report_year" else "TEXT" if text is None or c in text else "NUMERIC" for c in head]
            # REAL, for the affinity NUMERIC would store 3.00 as an integer, and a quotient of two such would be cut.
            columns = ", ".join(f"{c} {'REAL' if k == 'NUMERIC' else k}" for c, k in zip(head, kinds))
            key = f", PRIMARY KEY ({KEYS[table]})" if table in KEYS else ""
            con.execute(f"CREATE TABLE {table} ({columns}{key})")
            rows = ([_cell(v, k) for v, k in zip(row, kinds)] for row in reader)
            con.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(head))})", rows)
    for view, sql in VIEWS.items():
        con.execute(f"CREATE VIEW {view} AS {sql}")
    con.commit()
    con.close()


def open_demo(project=None):
    """The database of the demo project; without an argument, of the folder in the environment variable JINSHENG_DEMO."""
    project = project or os.environ.get("JINSHENG_DEMO")
    if not project:
        raise SystemExit("which demo project? Set JINSHENG_DEMO or pass the folder")
    digest = hashlib.sha256(f"{LAYOUT}{VIEWS}".encode())
    for table in TABLES:
        digest.update((pathlib.Path(project) / "data" / f"{table}.csv").read_bytes())
    path = pathlib.Path(tempfile.gettempdir()) / f"jinsheng_demo_{digest.hexdigest()[:16]}.sqlite"
    if not path.exists():
        new = path.with_suffix(f".{os.getpid()}")
        new.unlink(missing_ok=True)
        build(project, new)
        os.replace(new, path)
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    pathlib.Path(sys.argv[2]).unlink(missing_ok=True)
    build(sys.argv[1], sys.argv[2])
