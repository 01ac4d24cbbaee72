import { useApp } from "../state/store.ts";

/** Says what happened to those who do not see it. */
export function LiveRegion() {
  const { text, count } = useApp((state) => state.announcement);
  return (
    <div className="visually-hidden" aria-live="polite">
      <span key={count}>{text}</span>
    </div>
  );
}
