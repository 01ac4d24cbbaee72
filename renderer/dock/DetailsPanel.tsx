import type { TraceTab } from "../state/trace-tab.ts";
import { AreaDetails } from "./AreaDetails.tsx";
import { InstantDetails } from "./InstantDetails.tsx";
import { SpanDetailsView } from "./SpanDetailsView.tsx";
import { TraceOverview } from "./TraceOverview.tsx";

/** Everything about what is selected; about the trace as a whole when nothing is. */
export function DetailsPanel({ tab }: { readonly tab: TraceTab }) {
  const { selection } = tab;
  switch (selection.kind) {
    case "none":
      return <TraceOverview tab={tab} />;
    case "span":
      return <SpanDetailsView tab={tab} span={selection.span} />;
    case "instant":
      return <InstantDetails tab={tab} instant={selection.instant} />;
    case "area":
    case "range":
      return <AreaDetails tab={tab} />;
  }
}
