#!/usr/bin/env python3
"""Holds the results of the player to the table of docs/conformance.md: `verdict.py RESULTS.json TABLE.md`.

Fails if a case differs from AWS that is not in the table, and if one of the table is equal."""
import json
import re
import sys

# The case is the first column, in backticks.
ROW = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)


def main(results, table):
    with open(results, encoding="utf-8") as file:
        cases = {case["id"]: case for case in json.load(file)["cases"]}
    with open(table, encoding="utf-8") as file:
        listed = ROW.findall(file.read())
    differ = {name for name, case in cases.items() if case["status"] != "passed"}
    wrong = [f"listed twice: {name}" for name in sorted({name for name in listed if listed.count(name) > 1})]
    wrong += [f"listed, and there is no such case: {name}" for name in sorted(set(listed) - cases.keys())]
    wrong += [f"listed, and equal now: {name}" for name in sorted(cases.keys() & set(listed) - differ)]
    for name in sorted(differ - set(listed)):
        case = cases[name]
        first = case.get("stopped") or case.get("why") or next(iter(case.get("diffs", [])), "")
        wrong.append(f"differs, and is not listed: {name}\n  {first}")
    print(f"{len(cases)} cases: {len(cases) - len(differ)} as on AWS, {len(differ)} not; the table has {len(set(listed))}")
    print(*wrong, sep="\n")
    return 1 if wrong or not cases else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
