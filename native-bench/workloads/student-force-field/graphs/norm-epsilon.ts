/** Added to |v|² in graphs, Å-free: keeps the gradient of |v| finite where v = 0. Float32 still holds it; float16 does not. */
export const normEpsilon = 1e-24;
