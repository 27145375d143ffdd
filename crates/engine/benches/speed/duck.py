"""Runs statements on DuckDB: one JSON object a line in, one out."""
import json
import sys
import time

import duckdb

connection = duckdb.connect()


def answer(question):
    if "tables" in question:
        connection.execute(f"set threads to {int(question['threads'])}")
        for name, path in question["tables"]:
            path = path.replace("'", "''")
            connection.execute(f"create view \"{name}\" as select * from read_parquet('{path}')")
        return {"version": duckdb.__version__}
    start = time.perf_counter()
    rows = connection.execute(question["run"]).fetchall()
    elapsed = (time.perf_counter() - start) * 1000
    if question.get("rows"):
        return {"rows": [["" if cell is None else str(cell) for cell in row] for row in rows]}
    return {"ms": elapsed}


for line in sys.stdin:
    try:
        out = answer(json.loads(line))
    except Exception as error:  # whatever it is, the other side reports it
        out = {"error": str(error)}
    print(json.dumps(out), flush=True)
