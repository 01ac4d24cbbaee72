"""optimizer-peers.py METHOD FILE: one fit by scipy.optimize.least_squares, or one pass in numpy, as one line of JSON.

METHOD: lm | trf | pass, or lm-tight: until nothing moves any more, with the covariance. Laminar model, 9 parameters, the same derivatives, start and bounds as ours.
"""

import json
import sys
import time

import numpy as np

method, path = sys.argv[1:3]
tight = method.endswith("-tight")
method = method.removesuffix("-tight")
y = np.load(path)
angles, n, _ = y.shape
dt = 100.0 / (n - 1)
q, gap = 0.0054, 2e6
phi = np.array([0.0]) if angles == 1 else -180 + 360 * np.arange(angles) / angles
lower = np.array([0, 0.5, 100, -2, -1e5, 1e-6, -2, -0.1, -10])
upper = np.array([1, 1.5, 1e5, 2, 1e5, 0.5, 2, 0.1, 10])
start = np.array([0.2, 1.02, 1000, -0.2, 50, 2e-4, -0.1, 0, 0])
t = np.maximum(np.arange(n) * dt, max(dt / 2, 1e-8))
counts = {"f": 0, "J": 0}


def peak_kb():
    """Peak of this program alone: ru_maxrss would count what its parent had before exec."""
    with open("/proc/self/status") as status:
        return next((int(line.split()[1]) for line in status if line.startswith("VmHWM")), 0)


def integrals(scale, exponent, offset):
    power = t**exponent
    rate = scale * power + offset
    alive = rate > 1e-10
    parts = [np.maximum(rate, 1e-10), power * alive, scale * power * np.log(t) * alive, 1.0 * alive]
    sums = [np.concatenate([[0], np.cumsum((part[1:] + part[:-1]) / 2)]) for part in parts]
    return [s[:, None] - s[None, :] for s in sums]


def model(p, derivatives):
    k2, kappa, radians = -(q**2) * dt, q * gap * dt / (2 * np.pi), np.pi / 180
    dS, dA, dB, dC = integrals(*p[2:5])
    dG, gA, gB, gC = integrals(*p[5:8])
    absS, absG = np.sqrt(dS**2 + 1e-12), np.sqrt(dG**2 + 1e-12)
    e = np.exp(np.maximum(k2 * absS, -700))
    phase = (p[8] - phi) * radians
    x = kappa * np.cos(phase)[:, None, None] * absG
    small = np.abs(x) < 1e-4
    safe = np.where(small, 1.0, x)
    sinc = np.where(small, 1 - x**2 / 6, np.sin(safe) / safe)
    E = e * sinc**4
    value = p[1] + p[0] * E
    if not derivatives:
        return value, None
    J = np.empty((9, angles, n, n))
    u = p[0] * k2 * E * (dS / absS)
    w = 4 * p[0] * e * sinc**3 * np.where(small, -x / 3, (np.cos(x) - sinc) / safe)
    v = w * (kappa * np.cos(phase)[:, None, None]) * (dG / absG)
    J[0], J[1], J[2], J[3], J[4] = E, 1, u * dA, u * dB, u * dC
    J[5], J[6], J[7] = v * gA, v * gB, v * gC
    J[8] = -w * absG * (kappa * np.sin(phase)[:, None, None]) * radians
    return value, J.reshape(9, -1)


def residuals(p):
    counts["f"] += 1
    return (model(p, False)[0] - y).ravel()


def jacobian(p):
    counts["J"] += 1
    return model(p, True)[1].T


def one_pass():
    begin = time.perf_counter()
    value, J = model(start, True)
    r = (y - value).ravel()
    H, g, cost = J @ J.T, J @ r, r @ r
    return time.perf_counter() - begin, cost + 0 * (H[0, 0] + g[0])


if method == "pass":
    runs = [one_pass() for _ in range(3)]
    seconds, cost = min(run[0] for run in runs), runs[0][1]
    popt, iterations, cpu = start, 1, seconds
else:
    from scipy.optimize import least_squares

    begin, cpu_begin = time.perf_counter(), time.process_time()
    tolerance = 1e-15 if tight else 1e-8
    tolerances = dict(ftol=tolerance, xtol=tolerance, gtol=tolerance)
    if method == "lm":
        result = least_squares(residuals, start, jacobian, method="lm", x_scale="jac", **tolerances)
    else:
        result = least_squares(residuals, start, jacobian, bounds=(lower, upper), method="trf", x_scale=upper - lower, **tolerances)
    seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu_begin
    popt, cost, iterations = result.x, 2 * result.cost, counts["J"]
    if tight:
        # In units of the columns: H itself is too badly scaled for an inverse.
        J = jacobian(popt)
        norms = np.sqrt((J * J).sum(axis=0))
        covariance = np.linalg.inv((J / norms).T @ (J / norms)) / np.outer(norms, norms) * cost / (y.size - 9)

import importlib.metadata as metadata

versions = {name: metadata.version(name) for name in (["numpy"] if method == "pass" else ["numpy", "scipy"])}
print(
    json.dumps(
        {
            "method": method,
            "seconds": seconds,
            "cpuSeconds": cpu,
            "iterations": iterations,
            "cost": float(cost),
            "maxRssKb": peak_kb(),
            "popt": [float(value) for value in popt],
            "versions": versions,
            **({"pcov": covariance.ravel().tolist()} if tight else {}),
        }
    )
)
