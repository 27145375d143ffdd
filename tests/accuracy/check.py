#!/usr/bin/env python3
"""Checks the gold: the form of every case, that its SQL runs on every source of its set, and that no turn is left out.

    check.py [--shared DIR] [SET ...]         SHARED is the folder above data; its default is JINSHENG_SHARED
    check.py [--demo DIR] demo_zh demo_en     DIR is a demo project; its default is JINSHENG_DEMO
    check.py --plain OUT.json [SET ...]       write the plain form of the cases (no `vary`, no `template`)
    check.py --disagreements                  also write disagreements.md: where two extractions give different gold

To add a set, add a line to SOURCES (how to open its sources), and to TURNS (how many turns each dialogue has) if the question list is a file.
"""

import argparse
import collections
import importlib
import itertools
import json
import os
import pathlib
import re
import sqlite3
import sys

import yaml

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

ENTRY = {
    "expect", "also", "why", "premise", "missing", "sql", "or", "vary", "template", "args", "ordered", "round", "partial", "chart",
    "disputed", "excluded",
}
CASE = ENTRY | {"id", "category", "parts", "q", "as"}
OUTCOMES = {"answered", "clarify", "refused"}
CHARTS = {"line", "bar", "hbar", "pie", "scatter", "radar", "histogram", "box", "table"}
BOOLEANS = ("premise", "ordered", "disputed", "excluded")
LISTS = ("also", "missing", "partial")
KEY = re.compile(r"[a-z][a-z0-9_]*$")
VALUE = re.compile(r"[a-z][A-Za-z0-9_]* \[[^\]]+\]$")


# --- sources -------------------------------------------------------------------------------------------------------------------


def _read_only(path):
    return sqlite3.connect(f"{pathlib.Path(path).resolve().as_uri()}?mode=ro", uri=True)


def open_tcm(shared):
    folder = pathlib.Path(shared) / "data" / "statements_tcm"
    return {name: _read_only(folder / f"financials_{name}.db") for name in ("yikwa", "jchpjp")}


def open_finglm(shared):
    return {"finglm": importlib.import_module("finglm_load").open_finglm(shared)}


def open_demo(shared):
    return {"demo": importlib.import_module("demo_load").open_demo()}


# Set -> function of the shared folder that gives its sources, each a name and an sqlite3 connection.
SOURCES = {"tcm_b1": open_tcm, "tcm_b2": open_tcm, "tcm_own": open_tcm, "finglm": open_finglm, "demo_zh": open_demo, "demo_en": open_demo}


def _tcm_turns(name):
    def turns(shared):
        import openpyxl

        book = openpyxl.load_workbook(pathlib.Path(shared) / "data" / "statements_tcm" / name, read_only=True)
        rows = itertools.islice(book.worksheets[0].iter_rows(values_only=True), 1, None)
        return {row[0]: len(json.loads(row[2])) for row in rows if row[0]}

    return turns


# Set -> function of the shared folder that gives the number of turns of each dialogue.
TURNS = {"tcm_b1": _tcm_turns("questions_task2_B1xxx.xlsx"), "tcm_b2": _tcm_turns("questions_task3_B2xxx.xlsx")}
TURNS["finglm"] = lambda shared: importlib.import_module("finglm_load").turns(shared)

# --- plain form ----------------------------------------------------------------------------------------------------------------


def entries(case):
    return case.get("parts", [case])


def _readings(texts, vary):
    """Every text with every combination of the lists whose words it holds; the first of all is the main reading."""
    out = []
    for text in texts:
        held = [choices for choices in vary if any(f"<{word}>" in text for word in choices[0])]
        for combination in itertools.product(*held):
            words = {k: v for choice in combination for k, v in choice.items()}
            sql = text
            for _ in range(3):  # a text that stands for a word may hold a word itself
                sql = re.sub(r"<([a-z]+)>", lambda m: words.get(m[1], m[0]), sql)
            sql = re.sub(r" +$", "", sql, flags=re.M)
            if sql not in out:
                out.append(sql)
    return out


def load_suite(path):
    """The set of `path` in the plain form of the README."""
    name = path.stem
    if (HERE / f"{name}_load.py").exists():
        suite = importlib.import_module(f"{name}_load").load_cases(path)
    else:
        suite = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    readings = suite.pop("readings", {})
    for case in suite["cases"]:
        for entry in entries(case):
            vary = [readings[v] if isinstance(v, str) else v for v in entry.pop("vary", [])]
            if vary:
                main, *others = _readings([entry["sql"], *entry.get("or", [])], vary)
                entry["sql"] = main
                entry.pop("or", None)
                if others:
                    entry["or"] = others
    return suite


def texts(entry):
    return ([entry["sql"]] if "sql" in entry else []) + entry.get("or", [])


# --- form ----------------------------------------------------------------------------------------------------------------------


def check_entry(entry, wrong):
    expect, also = entry.get("expect"), entry.get("also", [])
    outcomes = {expect, *also} if isinstance(also, list) else {expect}
    if not outcomes <= OUTCOMES or expect in also:
        wrong(f"expect {expect}, also {also}")
    if expect == "answered" and "sql" not in entry:
        wrong("answered without sql")
    if "sql" in entry and "answered" not in outcomes:
        wrong("sql, but no answer is right")
    if "or" in entry and "sql" not in entry:
        wrong("or without sql")
    if (also or expect == "clarify") and not entry.get("why"):
        wrong("no reason in why")
    for field in BOOLEANS:
        if not isinstance(entry.get(field, True), bool):
            wrong(f"{field} is no boolean")
    for field in LISTS:
        value = entry.get(field, ["x"])
        if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
            wrong(f"{field} is no list of words")
    if entry.get("chart", "table") not in CHARTS:
        wrong(f"chart {entry['chart']}")
    if not isinstance(entry.get("round", 0), int):
        wrong("round is no number")
    for sql in texts(entry):
        if re.search(r"<[a-z]+>", sql):
            wrong("a word in <> stands for nothing")


def check_form(suite, name, report):
    if suite.get("version") != 1 or suite.get("set") != name:
        report(name, "version or set at the head")
    seen, last = set(), {}
    for case in suite["cases"]:
        ident = case.get("id", "?")

        def wrong(text, ident=ident):
            report(ident, text)

        if ident in seen:
            wrong("a second time")
        seen.add(ident)
        dialogue, _, turn = str(ident).partition("/")
        if not turn.isdigit() or int(turn) != last.get(dialogue, 0) + 1:
            wrong("turns do not follow one another")
        else:
            last[dialogue] = int(turn)
        if case.get("category") not in suite.get("categories", {}):
            wrong(f"category {case.get('category')} is not at the head")
        if set(case) - CASE:
            wrong(f"fields {sorted(set(case) - CASE)}")
        if "parts" in case:
            if set(case) & {"expect", "sql", "or"}:
                wrong("parts beside expect or sql")
            for part in case["parts"]:
                if set(part) - ENTRY:
                    wrong(f"fields {sorted(set(part) - ENTRY)}")
                check_entry(part, wrong)
        else:
            check_entry(case, wrong)
    return last


# --- results -------------------------------------------------------------------------------------------------------------------


class Result:
    def __init__(self, cursor):
        self.columns = [d[0] for d in cursor.description]
        self.keys = [i for i, c in enumerate(self.columns) if "[" not in c]
        self.values = [i for i, c in enumerate(self.columns) if "[" in c]
        self.rows = cursor.fetchall()

    def held(self):
        """Rows by key; a row whose values are all missing is no row."""
        rows = {}
        for row in self.rows:
            if not self.values or any(row[i] is not None for i in self.values):
                rows[tuple(row[i] for i in self.keys)] = [row[i] for i in self.values]
        return rows


def close(a, b):
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return abs(a - b) <= max(0.0051, 1e-4 * max(abs(a), abs(b)))
    return a == b


def same(a, b):
    a, b = a.held(), b.held()
    return a.keys() == b.keys() and all(close(x, y) for k in a for x, y in zip(a[k], b[k]))


def run(sql, sources, wrong):
    out = {}
    for source, con in sources.items():
        try:
            result = Result(con.execute(sql))
        except sqlite3.Error as error:
            wrong(f"{source}: {error}\n{sql}")
            return None
        out[source] = result
        first_value = min(result.values, default=len(result.columns))
        for i, column in enumerate(result.columns):
            if not (KEY if i in result.keys else VALUE).match(column):
                wrong(f"column {column}")
            if i in result.keys and i > first_value:
                wrong(f"key {column} after values")
        keys = [tuple(row[i] for i in result.keys) for row in result.rows]
        if len(set(keys)) != len(keys):
            wrong(f"{source}: rows with the same key\n{sql}")
        if any(v is None for key in keys for v in key):
            wrong(f"{source}: a key is missing\n{sql}")
    return out


def check_results(suite, sources, report):
    """Runs every SQL. Gives the entries without rows by source, and the cases in which the sources differ."""
    empty, differ, never = collections.defaultdict(list), [], []
    for case in suite["cases"]:

        def wrong(text, ident=case["id"]):
            report(ident, text)

        main_same, ever_same = True, True
        for number, entry in enumerate(entries(case), 1):
            agree = []
            for sql in texts(entry):
                results = run(sql, sources, wrong)
                if results is None:
                    continue
                first, *others = results.values()
                agree.append(all(same(first, other) for other in others))
                if len(agree) == 1:
                    for source, result in results.items():
                        if not result.held():
                            empty[source].append(case["id"] + (f" part {number}" if "parts" in case else ""))
            if agree:
                main_same &= agree[0]
                ever_same &= any(agree)
        if not main_same:
            differ.append(case["id"])
        if not ever_same:
            never.append(case["id"])
    return empty, differ, never


def wrap(idents, width=132):
    lines, line = [], ""
    for ident in idents:
        if len(line) + len(ident) + 1 > width:
            lines.append(line)
            line = ""
        line += (" " if line else "") + ident
    return "\n".join(lines + [line])


def write_disagreements(found):
    text = [
        "# Where two extractions give different gold",
        "",
        "The same SQL on two extractions of the same filings gives different rows or figures that differ by more than 0.01 % (and half a",
        "cent). Written by `check.py --disagreements`. A wrong answer on one extraction there may be the right figure of a wrong source.",
    ]
    for name, (cases, differ, never) in found.items():
        text += ["", f"## {name}", "", f"{len(differ)} of {cases} cases differ in the main reading:", "", wrap(differ)]
        text += ["", f"{len(never)} of them differ in every reading:", "", wrap(never)]
    (HERE / "disagreements.md").write_text("\n".join(text) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", default=os.environ.get("JINSHENG_SHARED"))
    parser.add_argument("--demo", metavar="PROJECT", default=os.environ.get("JINSHENG_DEMO"))
    parser.add_argument("--plain", metavar="OUT.json")
    parser.add_argument("--disagreements", action="store_true")
    parser.add_argument("sets", nargs="*")
    args = parser.parse_args()
    if args.demo:
        os.environ["JINSHENG_DEMO"] = args.demo

    faults = []

    def report(ident, text):
        faults.append(ident)
        print(f"{ident}: {text}")

    found, plain = {}, {}
    for path in sorted(HERE.glob("*.yaml")):
        name = path.stem
        if args.sets and name not in args.sets:
            continue
        suite = plain[name] = load_suite(path)
        turns = check_form(suite, name, report)
        cases = suite["cases"]
        count = collections.Counter(e["expect"] for c in cases for e in entries(c))
        print(f"{name}: {len(turns)} dialogues, {len(cases)} cases, {sum(len(entries(c)) for c in cases)} entries with parts")
        print("  expect   " + ", ".join(f"{k} {v}" for k, v in sorted(count.items())))
        kinds = collections.Counter(c.get("category") for c in cases)
        print("  category " + ", ".join(f"{k} {v}" for k, v in sorted(kinds.items())))
        unnamed = sum("missing" not in e for c in cases for e in entries(c) if "refused" in {e["expect"], *e.get("also", [])})
        if unnamed:
            print(f"  refused without missing: {unnamed}")
        disputed = [c["id"] for c in cases if any(e.get("disputed") for e in entries(c))]
        if disputed:
            print("  disputed " + " ".join(disputed))
        if not (args.demo if name.startswith("demo_") else args.shared):
            continue
        if name in TURNS:
            asked = TURNS[name](args.shared)
            for dialogue in sorted(asked.keys() | turns.keys()):
                if asked.get(dialogue) != turns.get(dialogue):
                    report(dialogue, f"{turns.get(dialogue)} turns, the question list has {asked.get(dialogue)}")
        if name not in SOURCES:
            print("  no source known, SQL not run")
            continue
        sources = SOURCES[name](args.shared)
        empty, differ, never = check_results(suite, sources, report)
        print(f"  SQL      {sum(len(texts(e)) for c in cases for e in entries(c))} texts on {', '.join(sources)}")
        for source, idents in empty.items():
            print(f"  no rows  {source}: {' '.join(idents)}" if len(idents) < 60 else f"  no rows  {source}: {len(idents)} entries")
        if len(sources) > 1:
            print(f"  differ   {len(differ)} cases in the main reading, {len(never)} in every reading")
            found[name] = (len(cases), differ, never)
    if args.plain:
        pathlib.Path(args.plain).write_text(json.dumps(plain, ensure_ascii=False, indent=1), encoding="utf-8")
    if args.disagreements and found:
        write_disagreements(found)
    print(f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
