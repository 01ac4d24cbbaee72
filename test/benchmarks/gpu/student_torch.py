"""student_torch.py INPUTS.json WEIGHTS.safetensors FOLDER [--device cuda|cpu|numpy] [--seconds 90]

The student force field as a small PyTorch module: eager, compiled, and as a CUDA graph, at the batches of INPUTS.json.
Forces by autograd. Energies and forces are first compared with the float64 reference in INPUTS.json, and those of every
mode and batch with the eager ones. Prints one line of JSON; writes a trace of the PyTorch profiler for each mode and
batch into FOLDER. After `--seconds` no further mode and batch begins; those left say so. With `--device numpy` nothing is
timed: the same formulas in numpy, against the same reference, for machines without PyTorch.
"""

import argparse
import json
import math
import statistics
import struct
import sys
import time

import numpy as np

WARM_UP, SAMPLES, TRACED_STEPS, SIGMA = 10, 50, 5, 1e-3


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    header.pop("__metadata__", None)
    return {
        name: np.frombuffer(data[slice(*at["data_offsets"])], "<f4").reshape(at["shape"]) for name, at in header.items()
    }


class Numpy:
    """What the formulas need, in float64."""

    def __init__(self, weights):
        self.w = {name: values.astype(np.float64) for name, values in weights.items()}

    exp, cos, sqrt = staticmethod(np.exp), staticmethod(np.cos), staticmethod(np.sqrt)
    concat = staticmethod(lambda parts: np.concatenate(parts, axis=-1))
    split = staticmethod(lambda x: np.split(x, 3, axis=-1))
    zeros = staticmethod(lambda shape: np.zeros(shape))

    @staticmethod
    def add_at(shape, index, values):
        out = np.zeros(shape)
        np.add.at(out, index, values)
        return out


class Torch:
    """The same in float32 on a device."""

    def __init__(self, torch, weights, device):
        self.torch, self.device = torch, device
        self.w = {name: torch.tensor(values.copy(), device=device) for name, values in weights.items()}
        self.exp, self.cos, self.sqrt = torch.exp, torch.cos, torch.sqrt
        self.concat = lambda parts: torch.cat(parts, dim=-1)
        self.split = lambda x: torch.chunk(x, 3, dim=-1)
        self.zeros = lambda shape: torch.zeros(shape, device=device)

    def add_at(self, shape, index, values):
        return self.zeros(shape).index_add(0, index, values)


def energies(ops, positions, batch, cutoff):
    """Energies of structures, eV. Edges are (center, neighbor), each pair twice; see the reference for the formulas."""
    w = ops.w
    z, center, neighbor, structure, count = (batch[k] for k in ("z", "center", "neighbor", "structure", "count"))
    radial_count = w["interactions.0.message.rbf_to_scalar.0.weight"].shape[1]
    layers = sum(name.endswith("mixing_matrix") for name in w)
    linear = lambda x, name: x @ w[name + ".weight"].T + w[name + ".bias"]
    silu = lambda x: x / (1 + ops.exp(-x))
    vectors = positions[neighbor] - positions[center]
    distance = ops.sqrt((vectors * vectors).sum(-1))
    unit = vectors / (distance[:, None] + 1e-8)
    # Not a range of ops: the centers are constants.
    centers = batch["centers"]
    width = cutoff / radial_count
    envelope = 0.5 * (ops.cos(np.pi * distance / cutoff) + 1) * (distance < cutoff)
    rho = ops.exp(-(((distance[:, None] - centers) / width) ** 2)) * envelope[:, None]
    s = w["embedding.weight"][z]
    v = ops.zeros((len(z), 3, s.shape[1]))
    for layer in range(layers):
        at = f"interactions.{layer}."
        hidden = silu(linear(rho, at + "message.rbf_to_scalar.0"))
        fs, f1, f2 = ops.split(linear(hidden, at + "message.rbf_to_scalar.2"))
        ds = s[neighbor] * fs
        dv = v[neighbor] * f1[:, None, :] + unit[:, :, None] * f2[:, None, :]
        s = s + ops.add_at(s.shape, center, ds)
        v = v + ops.add_at(v.shape, center, dv)
        norm = ops.sqrt((v * v).sum(1) + 1e-24)
        update = silu(linear(ops.concat([s, norm]), at + "update.update_mlp.0"))
        a, b, c = ops.split(linear(update, at + "update.update_mlp.2"))
        mixed = w[at + "update.mixing_matrix"] @ v
        s = s + a
        v = v * b[:, None, :] + mixed * c[:, None, :]
    atoms = linear(silu(linear(silu(linear(s, "energy_head.0")), "energy_head.2")), "energy_head.4")
    return ops.add_at((count,), structure, atoms[:, 0])


def prepare(raw, inputs, convert):
    """Index arrays and positions of one batch."""
    index = lambda name: convert(np.asarray(raw[name], np.int64))
    radial = np.linspace(0, inputs["cutoff"], inputs["radialCount"])
    batch = {k: index(k) for k in ("z", "center", "neighbor", "structure")}
    batch.update(count=raw["count"], centers=convert(radial))
    return batch, np.asarray(raw["positions"], np.float64).reshape(-1, 3)


def check_numpy(inputs, weights):
    ops = Numpy(weights)
    batch, positions = prepare(inputs["check"], inputs, lambda x: x)
    found = energies(ops, positions, batch, inputs["cutoff"])
    energy = float(np.abs(found - inputs["check"]["energies"]).max())
    # Forces of the reference along one direction, by differences of these energies.
    direction = np.random.default_rng(1).normal(size=positions.shape)
    at = lambda step: energies(ops, positions + step * direction, batch, inputs["cutoff"]).sum()
    slope = (at(1e-5) - at(-1e-5)) / 2e-5
    forces = np.asarray(inputs["check"]["forces"]).reshape(-1, 3)
    return {"energyError": energy, "forceError": float(abs(slope + (forces * direction).sum()))}


class Student:
    """Energies and forces of one batch in one of the modes."""

    def __init__(self, ops, inputs, raw, mode):
        torch, self.ops = ops.torch, ops
        convert = lambda x: torch.tensor(x, device=ops.device).to(torch.float32 if x.dtype.kind == "f" else torch.int64)
        self.batch, self.base = prepare(raw, inputs, convert)
        self.positions = convert(self.base).requires_grad_(True)
        self.rng = np.random.default_rng(7)
        call = lambda positions: energies(ops, positions, self.batch, inputs["cutoff"])
        self.energy_of = torch.compile(call) if mode == "compile" else call
        self.graph = None
        if mode == "cuda-graph":
            self.capture()

    def evaluate(self):
        energy = self.energy_of(self.positions)
        (gradient,) = self.ops.torch.autograd.grad(energy.sum(), self.positions)
        return energy.detach(), -gradient

    def capture(self):
        torch = self.ops.torch
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                self.evaluate()
        torch.cuda.current_stream().wait_stream(side)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.outputs = self.evaluate()

    def move(self):
        """New positions before every evaluation, so that nothing can be answered from a cache."""
        noise = self.rng.normal(scale=SIGMA, size=self.base.shape)
        moved = self.ops.torch.tensor((self.base + noise).astype(np.float32), device=self.ops.device)
        with self.ops.torch.no_grad():
            self.positions.copy_(moved)

    def run(self):
        if self.graph is None:
            return self.evaluate()
        self.graph.replay()
        return self.outputs


def measure(torch, inputs, weights, device, folder, seconds):
    """The report: errors against the reference and a row for each mode and batch, times in ms per structure."""
    began = time.perf_counter()
    ops = Torch(torch, weights, device)
    energy, forces = to_numpy(Student(ops, inputs, inputs["check"], "eager").run())
    report = {
        "energyError": largest(energy - np.asarray(inputs["check"]["energies"])),
        "forceError": largest(forces.ravel() - np.asarray(inputs["check"]["forces"])),
        "torch": torch.__version__,
        "device": torch.cuda.get_device_name() if device == "cuda" else "CPU",
        "cuda": torch.version.cuda,
        "rows": [],
    }
    eager = {}
    for mode in ["eager", "compile", *(["cuda-graph"] if device == "cuda" else [])]:
        for raw in inputs["batches"]:
            row = {"mode": mode, "batch": raw["count"]}
            report["rows"].append(row)
            if time.perf_counter() - began > seconds:
                row["error"] = f"left out after {seconds:g} s"
                continue
            try:
                row.update(measure_batch(ops, inputs, raw, mode, eager, f"{folder}/torch-{mode}-batch{raw['count']}"))
            except Exception as error:  # A mode that a machine cannot do must not hide the others.
                row["error"] = (str(error).splitlines() or [type(error).__name__])[0][:200]
    return report


def measure_batch(ops, inputs, raw, mode, eager, path):
    """Of one mode and batch: times, how far its answers are from the eager ones (eV, eV/Å), what a step launches."""
    torch, count = ops.torch, raw["count"]
    sync = torch.cuda.synchronize if ops.device == "cuda" else (lambda: None)
    started = time.perf_counter()
    student = Student(ops, inputs, raw, mode)
    answer = student.run()
    sync()
    load_ms = 1e3 * (time.perf_counter() - started)
    energy, forces = to_numpy(answer)
    base_energy, base_forces = eager.setdefault(count, (energy, forces))
    times = []
    for _ in range(WARM_UP + SAMPLES):
        student.move()
        sync()
        started = time.perf_counter()
        student.run()
        sync()
        times.append(1e3 * (time.perf_counter() - started) / count)
    samples = sorted(times[WARM_UP:])
    low, high = median_ranks(len(samples))
    return {
        "medianMs": statistics.median(samples),
        "lowMs": samples[low],
        "highMs": samples[high],
        "sampleCount": len(samples),
        "warmupSteps": WARM_UP,
        "loadMs": load_ms,
        "energyFromEager": largest(energy - base_energy),
        "forceFromEager": largest(forces - base_forces),
        **trace_steps(torch, student, sync, ops.device, f"{path}.pt.trace.json"),
    }


def trace_steps(torch, student, sync, device, file):
    """Writes a trace of a few steps; host calls that launch, and device work that they start, per step."""
    activities = [torch.profiler.ProfilerActivity.CPU]
    if device == "cuda":
        activities.append(torch.profiler.ProfilerActivity.CUDA)
    with torch.profiler.profile(activities=activities) as profile:
        for step in range(TRACED_STEPS):
            with torch.profiler.record_function(f"ProfilerStep#{step}"):
                student.move()
                student.run()
                sync()
    profile.export_chrome_trace(file)
    if device != "cuda":
        return {}
    with open(file) as stream:
        events = json.load(stream)["traceEvents"]
    of = lambda *categories: [event for event in events if event.get("cat") in categories]
    calls = [event["name"] for event in of("cuda_runtime", "cuda_driver")]
    return {
        "launches": sum("Launch" in name for name in calls) / TRACED_STEPS,
        "kernels": len(of("kernel")) / TRACED_STEPS,
    }


def median_ranks(n):
    """Places in n sorted samples between which the median lies with at least 95 %: binomial, both tails alike."""
    rank, below = 0, 0.5**n
    while rank < (n - 1) // 2 and below + math.comb(n, rank + 1) * 0.5**n <= 0.025:
        rank += 1
        below += math.comb(n, rank) * 0.5**n
    return rank, n - 1 - rank


def to_numpy(answer):
    return tuple(part.detach().cpu().numpy() for part in answer)


def largest(differences):
    return float(np.abs(differences).max())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("inputs")
    parser.add_argument("weights")
    parser.add_argument("folder")
    parser.add_argument("--device", default="cuda", choices=["cuda", "cpu", "numpy"])
    parser.add_argument("--seconds", type=float, default=90)
    options = parser.parse_args()
    with open(options.inputs) as file:
        inputs = json.load(file)
    weights = read_safetensors(options.weights)
    if options.device == "numpy":
        return check_numpy(inputs, weights)
    import torch

    if options.device == "cuda" and not torch.cuda.is_available():
        sys.exit("PyTorch sees no CUDA device")
    return measure(torch, inputs, weights, options.device, options.folder, options.seconds)


if __name__ == "__main__":
    print(json.dumps(main()))
