"""Gives each file of FOLDER/files to `bpreg inspect` and `bpreg restore`, and measures the processes."""
import os
import subprocess
import sys
import time

binary, folder = sys.argv[1:]
registry = os.path.join(folder, "bpreg.sqlite")
SECONDS, BYTES = 0.100, 64 << 20


def run(*words):
    """Exit code, seconds, bytes of memory at most, and what was said."""
    said = open(os.path.join(folder, "said"), "w+b")
    start = time.monotonic()
    process = subprocess.Popen([binary, *words], stdout=subprocess.DEVNULL, stderr=said, cwd=folder)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    said.seek(0)
    return process.returncode, seconds, usage.ru_maxrss << 10, said.read().decode()


files = sorted(os.listdir(os.path.join(folder, "files")))
# A registry that is there, so that what is measured is the refusal.
with open(os.path.join(folder, "x.csv"), "w") as file:
    file.write("x,y\n" + "".join(f"{row},{row % 2}\n" for row in range(40)))
trained = run("train", "x.csv", "--target", "y", "--epochs", "1", "--registry", registry)
assert trained[0] == 0, trained
before = subprocess.run([binary, "runs", "--json", "--registry", registry], capture_output=True, check=True).stdout

failures, worst, largest = [], (0.0, ""), (0, "")
for name in files:
    path = os.path.join(folder, "files", name)
    for words in (("inspect", path), ("restore", path, "--registry", registry)):
        code, seconds, memory, said = run(*words)
        if seconds > SECONDS:  # Somebody else may have had the processor: once more.
            code, again, memory, said = run(*words)
            seconds = min(seconds, again)
        what = f"{words[0]} {name}"
        worst, largest = max(worst, (seconds, what)), max(largest, (memory, what))
        if code != 65 and not (code == 0 and words[0] == "inspect"):
            failures.append(f"{what}: exit code {code}: {said}")
        if code == 65 and not said.startswith("error: "):
            failures.append(f"{what}: no message: {said}")
        if seconds > SECONDS or memory > BYTES:
            failures.append(f"{what}: {1000 * seconds:.0f} ms, {memory / 1e6:.0f} MB")
after = subprocess.run([binary, "runs", "--json", "--registry", registry], capture_output=True, check=True).stdout
if before != after or subprocess.run([binary, "verify", "--registry", registry], stdout=subprocess.DEVNULL).returncode:
    failures.append("the registry is another, or not sound")
for failure in failures:
    print("error:", failure, file=sys.stderr)
print(f"{len(files)} files, inspected and restored: at most {1000 * worst[0]:.0f} ms ({worst[1]}) "
      f"and {largest[0] / 1e6:.0f} MB ({largest[1]})")
sys.exit(1 if failures else 0)
