"""Lets bpreg and its peers take turns on the workloads of tools/bench-workloads.py. tools/bench builds and calls it.

Each contender is a process that is ready and waits; a round gives each of them one measurement, one after the other, so
that all suffer alike from what else the machine does.
"""
import argparse
import datetime
import importlib.util
import os
import platform
import re
import statistics
import subprocess
import sys

BENCH = ".build/release/bpreg-bench"
FOLDER = ".build/bench"
PAGE = "docs/speed.md"
PEERS = {"jax": "JAX scan", "fann": "FANN", "numpy": "NumPy", "sklearn": "scikit-learn", "torch": "PyTorch"}

spec = importlib.util.spec_from_file_location("workloads", "tools/bench-workloads.py")
workloads = importlib.util.module_from_spec(spec)
spec.loader.exec_module(workloads)


class Contender:
    """A process that answers each line with one measurement."""

    def __init__(self, words, threads, pinned=False):
        processors = sorted(os.sched_getaffinity(0))[:threads]
        environment = dict(os.environ, OPENBLAS_NUM_THREADS=str(threads), OMP_NUM_THREADS=str(threads))
        # They choose older code for a processor that OpenBLAS does not know.
        for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
            environment.pop(name, None)
        self.process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
            preexec_fn=(lambda: os.sched_setaffinity(0, processors)) if pinned else None)
        state, _, self.greeting = self.process.stdout.readline().strip().partition(" ")
        self.figures, self.missing = [], None
        if state != "ready":
            error = self.process.communicate()[1].strip().splitlines()
            self.missing = self.greeting or (error[-1] if error else "it does not start")

    def turn(self, line=""):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        if not answer:
            self.missing = "it ended early: " + self.process.communicate()[1].strip()[-200:]
        return [float(word) for word in answer]

    def end(self):
        if self.process.poll() is None:
            self.process.communicate()


class Figures(list):
    """Measurements of one thing."""

    @property
    def middle(self):
        return statistics.median(self)

    def text(self, scale=1):
        return f"{short(self.middle / scale)} ({short(min(self) / scale)}–{short(max(self) / scale)})"


def short(x):
    """Three digits, or whole thousands with their separator."""
    return f"{x:,.0f}" if x >= 1000 else f"{x:.3g}" if x < 100 else f"{x:.0f}"


def operations(name):
    """Floating-point operations in the products of a step: forward, hidden errors (not of the inputs), gradients."""
    sizes, batch = workloads.WORKLOADS[name][0], workloads.WORKLOADS[name][4]
    pairs = [a * b for a, b in zip(sizes, sizes[1:])]
    return 2 * batch * (3 * sum(pairs) - pairs[0])


def peer_words(peer, name, threads, seconds):
    folder = os.environ["PEERS_FOLDER"]
    program = [folder + "/peer_fann"] if peer == "fann" else [folder + "/bin/python", f"tools/bench-peers/peer_{peer}.py"]
    return program + [FOLDER, name, str(threads), str(seconds)]


def note(text):
    print(text, file=sys.stderr, flush=True)


def measure(name, threads, options):
    """All figures of one workload: off, on, steps, peak, processors and the peers."""
    common = ["--threads", str(threads), "--seconds", str(options.seconds), "--turns"]
    steps = Contender([BENCH, FOLDER, name] + common, threads)
    training = Contender([BENCH, "training", FOLDER, name] + common, threads)
    peak = Contender([BENCH, "peak", "--threads", str(threads), "--seconds", str(options.seconds / 4), "--turns"], threads)
    if steps.missing:
        sys.exit(f"error: {name}: {steps.missing}")
    peers = {}
    for peer in PEERS if options.peers else []:
        contender = Contender(peer_words(peer, name, threads, options.seconds), threads, pinned=True)
        if contender.missing:
            note(f"{name}, {threads} threads, {PEERS[peer]} left out: {contender.missing}")
        else:
            peers[peer] = contender
            if contender.greeting and abs(float(contender.greeting) / float(steps.greeting) - 1) > 0.02:
                note(f"{name}: {PEERS[peer]} has a loss of {contender.greeting} after a pass, bpreg {steps.greeting}")
    found = {key: Figures() for key in ["steps", "off", "on", "ratio", "processors", "bytes", "peak", *peers]}
    for _ in range(options.repeats):
        found["peak"] += peak.turn()
        found["steps"] += steps.turn()
        if not training.missing:
            off, on = training.turn("off"), training.turn("on")
            found["off"].append(off[0])
            found["on"].append(on[0])
            found["ratio"].append(on[0] / off[0])
            found["processors"].append(on[1])
            found["bytes"].append(on[2])
        for peer, contender in peers.items():
            found[peer] += contender.turn()
    for contender in [steps, training, peak, *peers.values()]:
        contender.end()
    if training.missing:
        note(f"{name}, recording left out: {training.missing}")
    return found


HEADER = ["workload", "threads", "steps alone", "recording off", "recording on", "on ÷ off", "GFLOP/s", "limit", "share",
          "busy", "bytes"]


def row(name, threads, found):
    ours = found["on"] or found["steps"]
    speed, limit = operations(name) / ours.middle * 1e-3, max(found["peak"])
    return [name, str(threads), found["steps"].text()] + (
        [found["off"].text(), found["on"].text(), f"{found['ratio'].middle:.3f}"] if found["on"] else ["–"] * 3) + [
        short(speed), short(limit), f"{speed / limit:.1%}" if limit else "–",
        *([f"{found['processors'].middle:.2f}", short(found["bytes"].middle) if found["bytes"].middle > 0 else "–"] if found["on"] else ["–"] * 2)]


def peer_row(name, threads, found):
    ours = (found["on"] or found["steps"]).middle
    return [name, str(threads), short(ours)] + [
        f"{found[peer].text()} · {found[peer].middle / ours:.2f}×" if found.get(peer) else "–" for peer in PEERS]


# The parts of a step, by the names of the functions that do them; the rest is Swift. The system's own time is left out:
# it clears the memory that the data go to.
PARTS = {
    "fused small step": r"train_small",
    "products": r"(back_)?tile.*|product.*|panel.*|send_back.*",
    "activations": r"activate.*|derivative.*|function_\d",
    "loss, output error": r"losses.*|output_delta.*|output_.*|sum",
    "bias gradient": r"column_sums.*|sums_of_.*",
    "transposition": r"transpose.*",
    "update": r"(sgd|momentum|adam|update|descend).*",
    "waiting": r"take_part|worker.*|bp_pool.*",
}


def profile(name, options):
    """The share of each part in the time of the steps on one thread, as `perf` samples it."""
    record = FOLDER + "/perf.data"
    subprocess.run(
        ["perf", "record", "-q", "-e", "cpu-clock", "-o", record, BENCH, FOLDER, name, "--seconds", str(options.seconds),
         "--repeats", str(options.repeats)], check=True, stdout=subprocess.DEVNULL)
    report = subprocess.run(
        ["perf", "report", "-i", record, "--stdio", "-q", "-s", "symbol"], check=True, capture_output=True, text=True)
    shares = dict.fromkeys([*PARTS, "rest"], 0.0)
    for share, symbol in re.findall(r"^\s*([\d.]+)%\s+\[\.\] (\S+)", report.stdout, re.MULTILINE):
        part = next((part for part, names in PARTS.items() if re.fullmatch(names, symbol)), "rest")
        shares[part] += float(share)
    total = sum(shares.values())
    return [name] + [f"{share / total:.0%}" if share >= 0.005 * total else "–" for share in shares.values()]


def table(rows, markdown):
    if markdown:
        return "\n".join("| " + " | ".join(row) + " |" for row in [rows[0], ["---"] * len(rows[0])] + rows[1:])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def machine():
    model = platform.machine()
    try:
        with open("/proc/cpuinfo") as f:
            model = re.search(r"model name\s*: (.*)", f.read()).group(1)
    except (OSError, AttributeError):
        pass
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    load = os.getloadavg()[0]
    return (f"{model}, {len(os.sched_getaffinity(0))} processors; {datetime.date.today()}, commit {commit or 'unknown'}; "
            f"other load at the start {load:.1f}")


def versions():
    code = ("import importlib.metadata as m\nfor p in 'jax numpy scikit-learn torch'.split():\n"
            " try: print(p, m.version(p))\n except m.PackageNotFoundError: pass")
    python = os.environ["PEERS_FOLDER"] + "/bin/python"
    found = subprocess.run([python, "-c", code], capture_output=True, text=True).stdout.split("\n")
    return ", ".join([line for line in found if line] + ["FANN 2.2 (libfann-dev)"])


def write_page(text, option):
    """Puts `text` between the marks of the page that name the option."""
    with open(PAGE) as f:
        page = f.read()
    begin, end = f"<!-- written by tools/bench {option} -->\n", "<!-- end -->"
    before, rest = page.split(begin)
    with open(PAGE, "w") as f:
        f.write(before + begin + "\n" + text + "\n\n" + end + rest.split(end, 1)[1])
    note(f"{PAGE} has the tables")


def main():
    parser = argparse.ArgumentParser(prog="tools/bench", description="How fast bpreg trains; docs/speed.md explains it.")
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=" ".join(workloads.WORKLOADS))
    parser.add_argument("--peers", action="store_true", help="also JAX, NumPy, scikit-learn, FANN and PyTorch")
    parser.add_argument("--threads", default="1,2", help="numbers of threads (default: 1,2)")
    parser.add_argument("--seconds", type=float, default=1, help="length of one measurement (default: 1)")
    parser.add_argument("--repeats", type=int, default=5, help="measurements of each contender (default: 5)")
    parser.add_argument("--markdown", action="store_true", help=f"also writes the tables into {PAGE}")
    parser.add_argument("--profile", action="store_true", help="what the steps spend their time on, by perf, instead")
    options = parser.parse_args()
    names = options.workloads or list(workloads.WORKLOADS)
    for name in names:
        if name not in workloads.WORKLOADS:
            parser.error(f"{name} is none of the workloads {' '.join(workloads.WORKLOADS)}")
    if not re.fullmatch(r"[1-9][0-9]*(,[1-9][0-9]*)*", options.threads):
        parser.error(f"--threads {options.threads}: expected numbers separated by commas")
    if options.repeats < 1 or not options.seconds > 0:
        parser.error("--repeats must be at least 1 and --seconds above 0")
    where, command = machine(), " ".join(["tools/bench", *sys.argv[1:]])
    os.makedirs(FOLDER, exist_ok=True)
    for name in names:
        if not os.path.exists(f"{FOLDER}/{name}.bin"):
            workloads.export(FOLDER, name)
    if options.profile:
        rows = [["workload", *PARTS, "rest"]] + [profile(name, options) for name in names]
        print(f"{where}; `{command}`\n\n{table(rows, False)}")
        if options.markdown:
            write_page(f"{where}; `{command}`.\n\n{table(rows, True)}", "--profile --markdown")
        return
    ours, theirs = [HEADER], [["workload", "threads", "bpreg", *PEERS.values()]]
    for name in names:
        for threads in map(int, options.threads.split(",")):
            found = measure(name, threads, options)
            ours.append(row(name, threads, found))
            theirs.append(peer_row(name, threads, found))
            note("  ".join(ours[-1]) + ("  |  " + "  ".join(theirs[-1][3:]) if options.peers else ""))
    parts = [f"{where}; `{command}`"] + (["Peers: " + versions()] if options.peers else [])
    print("\n\n".join([*parts, table(ours, False)] + ([table(theirs, False)] if options.peers else [])))
    if options.markdown:
        write_page("\n\n".join(
            [part + "." for part in parts] + [table(ours, True)] + ([table(theirs, True)] if options.peers else [])),
            "--markdown")


main()
