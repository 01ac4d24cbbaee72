/** Definitions of the two patterns that stand for "only before" and "only after", in the colors given. */
export function HatchDefs({ id, color }: { readonly id: string; readonly color: string }) {
  return (
    <defs>
      <pattern id={`${id}-removed`} width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width={6} height={6} fill="var(--surface-panel)" />
        <line x1={0} x2={0} y1={0} y2={6} stroke={color} strokeWidth={5} />
      </pattern>
      <pattern id={`${id}-added`} width={5} height={5} patternUnits="userSpaceOnUse">
        <rect width={5} height={5} fill="var(--surface-panel)" />
        <circle cx={2.5} cy={2.5} r={1.7} fill={color} />
      </pattern>
    </defs>
  );
}
