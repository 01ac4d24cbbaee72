import { startTransition, useLayoutEffect, useState } from "react";

/**
 * The number of parts that may be there, up to `lastStage`. Staged, they come one task after another, each rendered in
 * slices, so that a view with many parts does not hold the window up while something runs; otherwise all are there at
 * once, so that changing tabs does not flicker.
 */
export function useMountStages(isStaged: boolean, lastStage: number): number {
  const [stage, setStage] = useState(isStaged ? 0 : lastStage);
  // Not an effect that waits for the stage before to be painted: the next one is to come as soon as it can.
  useLayoutEffect(() => {
    if (stage >= lastStage) return undefined;
    const timer = setTimeout(() => startTransition(() => setStage(stage + 1)), 0);
    return () => clearTimeout(timer);
  }, [stage, lastStage]);
  return stage;
}
