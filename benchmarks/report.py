#!/usr/bin/env python3
"""Makes tables and charts of what benchmarks/run has measured.

    report.py RESULTS                  prints the tables
    report.py RESULTS PAGE.md          puts them between the marks of the page, and the charts into a folder beside it
"""

import datetime
import glob
import html
import json
import math
import os
import platform
import re
import statistics
import subprocess
import sys

USUAL, BEST, ROWAN = "usual", "best", "rowan"

MEMORY, DISK, SERVER, ONE_CORE = "SQLite in memory", "SQLite on disk", "PostgreSQL", "PostgreSQL on one core"

# How much of a hand-written way's time rowan is to take at most: of the usual one and of the best one on SQLite, of the
# best one on PostgreSQL. None: nothing is aimed at. What counts is the most rows that both have.
BARS = [
    (("insert", "upsert, do nothing", "upsert, update", "update", "delete"), 0.92, 1.03, 1.02),
    (("point read", "point read in a transaction"), 0.92, 1.03, 1.02),
    (("insert many",), 0.55, 1.05, 1.05),
    (("upsert many, update",), 0.60, 1.05, 1.05),
    (("range scan",), 0.75, 1.05, 1.05),
    (("read by many keys",), 0.50, 1.05, 1.05),
    (("delete many",), 0.60, 1.05, 1.05),
    (("patch",), None, 1.03, 1.02),
]
# Those that hold on a file only, and compare with another work or competitor.
BARS_ON_DISK = [
    ("point read in a transaction, to *usual* without one", "point read in a transaction", "point read", USUAL, 0.45),
    ("a patch, to *usual* that updates the whole row", "patch", "patch", "usual, whole row", 0.45),
]


class Results:
    """Lists of figures under (database, workload, rows) and competitor. Those of times are in the order of the rounds,
    which are the same for all competitors of a group; instructions are counted once."""

    def __init__(self, folder):
        self.times = {}
        self.percentiles = {"p50": {}, "p99": {}}
        self.allocations = {}
        self.instructions = {}
        # Several processes have each run a part of the rounds.
        for path in sorted(glob.glob(os.path.join(folder, "times_*.json"))):
            for entry in self.read(folder, os.path.basename(path)):
                self.add(self.times, entry, "nanoseconds")
                for figure in ("p50", "p99"):
                    if figure in entry:
                        self.add(self.percentiles[figure], entry, figure)
        for entry in self.read(folder, "allocations.json"):
            self.allocations.setdefault(self.group(entry), {})[entry["competitor"]] = (
                entry["operator_new"][0], entry["malloc"][0])
        # The last figures of a name are the number of the dump.
        for name in sorted(glob.glob(os.path.join(folder, "callgrind.out.*")), key=lambda name: int(name.split(".")[-1])):
            self.read_callgrind(name)

    @staticmethod
    def read(folder, name):
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as file:
            return json.load(file)

    @staticmethod
    def group(entry):
        return entry["database"], entry["workload"], entry["rows"]

    def add(self, source, entry, figure):
        source.setdefault(self.group(entry), {}).setdefault(entry["competitor"], []).extend(entry[figure])

    def read_callgrind(self, name):
        mark, total = None, None
        with open(name, encoding="utf-8", errors="replace") as file:
            for line in file:
                if line.startswith("desc: Trigger: Client Request: "):
                    mark = line[len("desc: Trigger: Client Request: "):].strip()
                elif line.startswith("totals:"):
                    total = int(line.split()[1])
        match = re.fullmatch(r"(SQLite[^,]*|PostgreSQL[^,]*), (.*?), (\d+) / (\d+), (.*)", mark or "")
        if match and total:
            database, workload, rows, units, competitor = match.groups()
            self.instructions.setdefault((database, workload, int(rows)), {})[competitor] = [total / int(units)]


def number(value):
    if value is None:
        return "–"
    if value >= 100_000:
        return f"{value / 1000:,.0f}k"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}"


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def in_order(names):
    """The hand-written ones first, then rowan, then the others."""
    def place(name):
        return next((i for i, first in enumerate((USUAL, BEST, ROWAN)) if name.startswith(first)), 3)
    return sorted(names, key=place)


def parts_of(table_of_groups, database):
    """The groups of a database, in tables of their own where there are other competitors."""
    groups = [group for group in table_of_groups if group[0] == database]
    pools = [group for group in groups if group[1].startswith("pool ")]
    for part in ([group for group in groups if group not in pools], pools):
        if part:
            yield in_order(list(dict.fromkeys(name for group in part for name in table_of_groups[group]))), part


def databases_of(table_of_groups):
    return list(dict.fromkeys(group[0] for group in table_of_groups))


class Ratio:
    """The median of ratios, and the interval that the true one lies in with a probability of 95 %."""

    def __init__(self, median, low, high):
        self.median, self.low, self.high = round(median, 2), round(low, 2), round(high, 2)

    def __str__(self):
        return f"{self.median:.2f}"

    def with_interval(self):
        return f"{self} ({self.low:.2f}–{self.high:.2f})"

    def judged(self, most):
        """As it is shown: a reader is to see why."""
        return "✓" if self.median <= most else "≈" if self.low <= most else "✗"


def interval_of(values):
    """Between two of the sorted values lies the median unless too many fell on the same side of it, which is as likely
    as for a tossed coin. Fewer than six values cannot be that sure: then it is from the least to the most."""
    count = len(values)
    outside, aside = 0.0, 0
    while aside < count // 2:
        outside += 2 * math.comb(count, aside) / 2**count
        if outside > 0.05:
            break
        aside += 1
    first = max(aside - 1, 0)
    ordered = sorted(values)
    return ordered[first], ordered[-1 - first]


def paired_ratio(mine, others):
    """Of figures whose rounds were the same ones: what slows a round down slows both of them."""
    ratios = [one / other for one, other in zip(mine, others)]
    return Ratio(statistics.median(ratios), *interval_of(ratios))


def unpaired_ratio(mine, others):
    """Of figures from different groups. The interval is the widest that theirs allow."""
    (low, high), (others_low, others_high) = interval_of(mine), interval_of(others)
    return Ratio(statistics.median(mine) / statistics.median(others), low / others_high, high / others_low)


def compared(entries, names):
    """One cell a competitor: the figure, and its ratio to the usual code."""
    cells = []
    for name in names:
        if name not in entries:
            cells.append("")
            continue
        cell = number(statistics.median(entries[name]))
        if USUAL in entries and name != USUAL:
            cell += f" ({paired_ratio(entries[name], entries[USUAL])})"
        cells.append(f"**{cell}**" if name == ROWAN else cell)
    return cells


def title_of(workload, rows):
    return f"{workload}, {rows:,}" if rows > 1 else f"{workload}, 1"


def tables_of(source):
    text = ""
    for database in databases_of(source):
        text += f"\n#### {database}\n"
        for names, groups in parts_of(source, database):
            rows = [[title_of(group[1], group[2])] + compared(source[group], names) for group in groups]
            text += "\n" + table(["work, rows"] + names, rows)
    return text


def shown(ratio):
    return "–" if ratio is None else str(ratio)


def judged(ratio, most):
    """A ratio of times with its interval, and whether it is where it is to be."""
    if ratio is None:
        return "–"
    return ratio.with_interval() + ("" if most is None else " " + ratio.judged(most))


def aim_of(most):
    return "–" if most is None else f"≤ {most:.2f}"


def ratio_to(source, group, rival):
    """rowan's ratio to a rival in a group, or None."""
    entries = source.get(group, {})
    rivals = [rival]
    # On a server the usual code is also the best that we know for single rows, and for some other work.
    if rival == BEST and group and group[0].startswith(SERVER):
        rivals.append(USUAL)
    ratios = [paired_ratio(entries[ROWAN], entries[name]) for name in rivals if ROWAN in entries and name in entries]
    return max(ratios, key=lambda ratio: ratio.median) if ratios else None


def most_rows(source, database, workload, *names):
    """The group with the most rows that has all of these competitors."""
    groups = [group for group, entries in source.items()
              if group[:2] == (database, workload) and all(name in entries for name in names)]
    return max(groups, key=lambda group: group[2]) if groups else None


def bars_tables(results):
    times, counts = results.times, results.instructions

    def compare(source, database, work, rival):
        group = most_rows(source, database, work, ROWAN, rival) or most_rows(source, database, work, ROWAN, USUAL)
        return ratio_to(source, group, rival)

    def compare_works(source, work, to_work, rival):
        group, other = most_rows(source, DISK, work, ROWAN), most_rows(source, DISK, to_work, rival)
        if group is None or other is None:
            return None
        ratio_of = paired_ratio if group == other else unpaired_ratio
        return ratio_of(source[group][ROWAN], source[other][rival])

    def name_of(work, *databases):
        groups = [most_rows(source, database, work, ROWAN) for source in (times, counts) for database in databases]
        return next((title_of(work, group[2]) for group in groups if group), work)

    sqlite, on_disk, postgres = [], [], []
    for works, to_usual, to_best, on_server in BARS:
        for work in works:
            row = [name_of(work, MEMORY, DISK)]
            for rival, most in ((USUAL, to_usual), (BEST, to_best)):
                row += [aim_of(most)] + [judged(compare(times, database, work, rival), most) for database in (MEMORY, DISK)]
                row += [shown(compare(counts, MEMORY, work, rival))]
            sqlite.append(row)
            one_core, all_cores = (compare(times, database, work, BEST) for database in (ONE_CORE, SERVER))
            # On several cores the scheduler decides: judged only where there is nothing else.
            postgres.append([name_of(work, ONE_CORE, SERVER), aim_of(on_server), judged(one_core, on_server),
                             judged(all_cores, on_server if one_core is None else None),
                             shown(compare(counts, SERVER, work, BEST))])
    for aim, work, to_work, rival, most in BARS_ON_DISK:
        on_disk.append([aim, aim_of(most), judged(compare_works(times, work, to_work, rival), most),
                        shown(compare_works(counts, work, to_work, rival))])
    text = ""
    for header, rows in (
            (["SQLite: work, rows", "to usual", "memory", "disk", "instructions", "to best", "memory", "disk",
              "instructions"], sqlite),
            (["SQLite: work", "aim", "disk", "instructions"], on_disk),
            (["PostgreSQL: work, rows", "to best", "on one core", "on all", "instructions"], postgres)):
        measured = [row for row in rows if any(cell[0] not in "–≤" for cell in row[1:])]
        if measured:
            text += "\n" + table(header, measured)
    return text


def percentile_table(results):
    rows = []
    for group, entries in results.percentiles["p50"].items():
        for name, p50 in entries.items():
            p99 = results.percentiles["p99"][group][name]
            rows.append([group[0], name, number(statistics.median(p50)), number(statistics.median(p99))])
    return table(["database", "competitor", "p50, ns", "p99, ns"], rows) if rows else ""


def allocation_tables(results):
    text = ""
    for database in databases_of(results.allocations):
        text += f"\n#### {database}\n"
        for names, groups in parts_of(results.allocations, database):
            rows = []
            for group in groups:
                entries = results.allocations[group]
                rows.append([title_of(group[1], group[2])] + [
                    f"{entries[name][0]:.2f} / {entries[name][1]:.2f}" if name in entries else "" for name in names])
            text += "\n" + table(["work, rows"] + names, rows)
    return text


# ---- Charts ---------------------------------------------------------------------------------------------------

COLORS = {USUAL: "#9aa0a6", BEST: "#5f6368", ROWAN: "#1a73e8"}
OTHER_COLORS = ["#f29900", "#12a37f", "#d93025", "#9334e6", "#b06000"]


def chart(title, unit, groups):
    """Horizontal bars: groups are (label, [(competitor, ratio, figure)])."""
    names = in_order(list(dict.fromkeys(name for _, bars in groups for name, _, _ in bars)))
    others = [name for name in names if name not in COLORS]
    colors = dict(COLORS, **{name: OTHER_COLORS[i % len(OTHER_COLORS)] for i, name in enumerate(others)})
    longest = 2.0  # Longer bars are cut, and say so by their figure.
    left, width, bar, gap, total = 280, 420, 13, 12, 820
    legend, x, y = [], 12, 50
    for name in names:
        if x + 28 + 6.3 * len(name) > total:
            x, y = 12, y + 15
        legend.append(f'<rect x="{x:.0f}" y="{y}" width="10" height="10" fill="{colors[name]}"/>'
                      f'<text x="{x + 14:.0f}" y="{y + 9}" fill="#202124">{html.escape(name)}</text>')
        x += 28 + 6.3 * len(name)
    top = y + 18
    height = top + 16 + sum(len(bars) * bar + gap for _, bars in groups)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {height}" '
           f'font-family="system-ui, sans-serif" font-size="11" role="img">',
           f"<title>{html.escape(title)}</title>",
           '<rect width="100%" height="100%" fill="#ffffff"/>',
           f'<text x="12" y="22" font-size="15" font-weight="600" fill="#202124">{html.escape(title)}</text>',
           f'<text x="12" y="39" fill="#5f6368">{html.escape(unit)}</text>'] + legend
    y = top + 8
    for tick in (0.5, 1.0, 1.5, 2.0):
        place = left + width * tick / longest
        out.append(f'<line x1="{place:.0f}" y1="{top + 2}" x2="{place:.0f}" y2="{height - 8}" '
                   f'stroke="{"#5f6368" if tick == 1 else "#e8eaed"}"/>'
                   f'<text x="{place:.0f}" y="{top}" text-anchor="middle" fill="#5f6368">{tick:g}</text>')
    for label, bars in groups:
        middle = y + len(bars) * bar / 2 + 4
        out.append(f'<text x="{left - 8}" y="{middle:.0f}" text-anchor="end" fill="#202124">{html.escape(label)}</text>')
        for name, ratio, figure in bars:
            length = width * min(ratio, longest) / longest
            out.append(f'<rect x="{left}" y="{y}" width="{length:.1f}" height="{bar - 2}" fill="{colors[name]}"/>'
                       f'<text x="{left + length + 4:.1f}" y="{y + bar - 4}" fill="#202124">{ratio:.2f}'
                       f'<tspan dx="5" fill="#5f6368">{html.escape(figure)}</tspan></text>')
            y += bar
        y += gap
    return "\n".join(out) + "\n</svg>\n"


def charts_of(source, unit, suffix):
    """One chart a database, of the largest size of each work."""
    charts = {}
    for database in databases_of(source):
        groups = []
        for workload in dict.fromkeys(group[1] for group in source if group[0] == database):
            # Of the largest size, some competitors may be left out.
            group = most_rows(source, database, workload, USUAL)
            if group is None:
                continue
            entries = source[group]
            bars = [(name, paired_ratio(entries[name], entries[USUAL]).median, number(statistics.median(entries[name])))
                    for name in in_order(entries)]
            groups.append((title_of(workload, group[2]), bars))
        if groups:
            name = re.sub(r"[^a-z]+", "_", database.lower()) + "_" + suffix
            charts[name] = chart(database, unit, groups)
    return charts


# ---- The page -------------------------------------------------------------------------------------------------

def machine():
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            model = re.search(r"model name\s*:\s*(.*)", file.read()).group(1)
    except (OSError, AttributeError):
        pass

    def first_line(*command):
        try:
            return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]
        except (OSError, subprocess.CalledProcessError, IndexError):
            return ""

    commit = first_line("git", "rev-parse", "--short", "HEAD")
    parts = [datetime.date.today().isoformat(), f"commit {commit}" if commit else "", f"{os.cpu_count()} × {model}",
             platform.platform(terse=True), first_line("c++", "--version")]
    return ", ".join(part for part in parts if part)


def page_tables(results, charts):
    text = f"Measured: {machine()}; load when it ended: {os.getloadavg()[0]:.1f}.\n"
    if not results.times:
        text += "\nWithout times: the machine had other work (`benchmarks/run --counts`).\n"
    bars = bars_tables(results)
    if bars:
        text += ("\n### What is aimed at\n\nrowan's time to that of hand-written code, with the most rows of each "
                 "work, and how much it is to be at most. Each round gives a ratio; shown is their median and, in "
                 "parentheses, where the true one lies with a probability of 95 %. ✓: the median is where it is to be. "
                 "≈: it is above, but the bar lies in the interval. ✗: all of the interval is above the bar. PostgreSQL "
                 "is judged on one core, as on more of them the scheduler decides (and there are 10,000 rows at most). "
                 "Beside the times the same for instructions, which are counted once and not judged.\n" + bars)
    for name in charts:
        text += f"\n![{name.replace('_', ' ')}](performance/{name}.svg)\n"
    if results.times:
        text += ("\n### Times\n\nMedians of the rounds, in nanoseconds a row; for pages and diesel_bench, a call; for "
                 "pools, a checkout. In parentheses: the ratio to *usual*, which is the median of the rounds' ratios and "
                 "so need not be that of the medians.\n"
                 + tables_of(results.times))
    if results.percentiles["p50"]:
        text += "\n### How long a point read takes, mostly and at worst\n\n" + percentile_table(results)
    if results.instructions:
        text += ("\n### Instructions\n\nOf the program, SQLite or libpq with it, counted by callgrind, a row (a call). "
                 "They do not depend on what else the machine does.\n"
                 + tables_of(results.instructions))
    if results.allocations:
        text += ("\n### Allocations\n\nCalls of `operator new` / of `malloc` (those of `operator new`, SQLite and "
                 "libpq), a row (a call).\n" + allocation_tables(results))
    return text


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    results = Results(sys.argv[1])
    charts = charts_of(results.times, "time to that of the usual hand-written code (1.0); shorter is better; beside it "
                       "ns a row, a call or a checkout", "time")
    charts |= charts_of(results.instructions, "instructions to those of the usual hand-written code (1.0); beside it the "
                        "number a row", "instructions")
    if len(sys.argv) == 2:
        print(page_tables(results, {}))
        return
    text = page_tables(results, charts)
    page = sys.argv[2]
    with open(page, encoding="utf-8") as file:
        old = file.read()
    begin, end = "<!-- benchmarks/run writes from here -->\n", "<!-- to here -->\n"
    head, _, rest = old.partition(begin)
    _, found, tail = rest.partition(end)
    if not found:
        sys.exit(f"{page}: the marks are missing between which the tables go")
    with open(page, "w", encoding="utf-8") as file:
        file.write(head + begin + "\n" + text + "\n" + end + tail)
    folder = os.path.splitext(page)[0]
    os.makedirs(folder, exist_ok=True)
    for old_chart in glob.glob(os.path.join(folder, "*.svg")):
        os.remove(old_chart)
    for name, chart_text in charts.items():
        with open(os.path.join(folder, name + ".svg"), "w", encoding="utf-8") as file:
            file.write(chart_text)
    print(f"report: {page}, {len(charts)} charts")


if __name__ == "__main__":
    main()
