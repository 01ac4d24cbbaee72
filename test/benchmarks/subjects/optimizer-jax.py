"""optimizer-jax.py FILE [float32|float64]: passes of our own JAX implementation, as one line of JSON.

H, g and cost of the laminar model with 9 parameters at the start, the same formulas, derivatives and chunks as ours: a scan over rows in one
compiled program. On whatever device JAX finds.
"""

import json
import sys
import time

import jax
import numpy as np

path, precision = sys.argv[1], (sys.argv[2:] or ["float64"])[0]
jax.config.update("jax_enable_x64", precision == "float64")
import jax.numpy as jnp  # noqa: E402 -- after the precision is set

maps = np.load(path)
angles, n, _ = maps.shape
dt, q, gap = 100.0 / (n - 1), 0.0054, 2e6
phi = np.array([0.0]) if angles == 1 else -180 + 360 * np.arange(angles) / angles
start = np.array([0.2, 1.02, 1000, -0.2, 50, 2e-4, -0.1, 0, 0])
t = np.maximum(np.arange(n) * dt, max(dt / 2, 1e-8))
# float32 keeps the digits of noise only without the 1 that all values share.
shift = 1.0 if precision == "float32" else 0.0


def integrals(scale, exponent, offset):
    power = t**exponent
    rate = scale * power + offset
    alive = rate > 1e-10
    parts = [np.maximum(rate, 1e-10), power * alive, scale * power * np.log(t) * alive, 1.0 * alive]
    return [np.concatenate([[0], np.cumsum((part[1:] + part[:-1]) / 2)]) for part in parts]


def tables_of(p):
    return np.array(integrals(*p[2:5]) + integrals(*p[5:8]))


k2, kappa, radians = -(q**2) * dt, q * gap * dt / (2 * np.pi), np.pi / 180


def row_sums(tables, p, y, i):
    """Products of the ten columns of one row of all angles."""
    difference = tables[:, i, None] - tables  # [8, n]
    dS, dA, dB, dC, dG, gA, gB, gC = difference
    absS, absG = jnp.sqrt(dS**2 + 1e-12), jnp.sqrt(dG**2 + 1e-12)
    e = jnp.exp(jnp.maximum(k2 * absS, -700 if precision == "float64" else -80))
    phase = (p[8] - phi) * radians
    kc, ks = (kappa * jnp.cos(phase))[:, None], (-kappa * jnp.sin(phase) * radians)[:, None]
    x = kc * absG
    limit = 1e-4 if precision == "float64" else 1e-2
    small = jnp.abs(x) < limit
    safe = jnp.where(small, 1.0, x)
    sinc = jnp.where(small, 1 - x**2 / 6 + x**4 / 120, jnp.sin(safe) / safe)
    slope = jnp.where(small, -x / 3 + x**3 / 30, (jnp.cos(safe) - sinc) / safe)
    E = e * sinc**4
    u = p[0] * k2 * E * (dS / absS)
    w = 4 * p[0] * e * sinc**3 * slope
    v = w * kc * (dG / absG)
    ones = jnp.ones_like(E)
    residual = y - (p[1] - shift) - p[0] * E
    J = jnp.stack([E, ones, u * dA, u * dB, u * dC, v * gA, v * gB, v * gC, w * ks * absG, residual]).reshape(10, -1)
    return jnp.matmul(J, J.T, precision=jax.lax.Precision.HIGHEST)


@jax.jit
def one_pass(tables, p, rows):
    def add(total, row):
        return total + row_sums(tables, p, *row), None

    total, _ = jax.lax.scan(add, jnp.zeros((10, 10), rows.dtype), (rows, jnp.arange(n)))
    return total


dtype = jnp.float64 if precision == "float64" else jnp.float32
rows = jax.device_put(jnp.asarray(np.swapaxes(maps, 0, 1) - shift, dtype))
tables, p = jnp.asarray(tables_of(start), dtype), jnp.asarray(start, dtype)
begin = time.perf_counter()
products = np.asarray(one_pass(tables, p, rows).block_until_ready(), np.float64)
compile_seconds = time.perf_counter() - begin
times = []
for _ in range(12):
    begin = time.perf_counter()
    one_pass(tables, p, rows).block_until_ready()
    times.append(time.perf_counter() - begin)
device = jax.devices()[0]
print(
    json.dumps(
        {
            "method": "pass-jax",
            "seconds": min(times),
            "compileSeconds": compile_seconds,
            "cost": products[9, 9],
            "H": [products[row, column] for row in range(9) for column in range(row + 1)],
            "g": products[9, :9].tolist(),
            "engine": f"JAX, {precision}, {device.platform} {device.device_kind}",
            "versions": {"jax": jax.__version__, "numpy": np.__version__},
        }
    )
)
