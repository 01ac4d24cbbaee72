import {
  ChartNoAxesGantt,
  ChartSpline,
  FileText,
  FolderOpen,
  Gauge,
  GitCompareArrows,
  History,
  Lightbulb,
  Split,
} from "lucide-react";
import { HistoryView } from "./history/HistoryView.tsx";
import { CompareView } from "./compare/CompareView.tsx";
import { FindingsView } from "./findings/FindingsView.tsx";
import { ScalingView } from "./scaling/ScalingView.tsx";
import { ProfileView } from "./profile/ProfileView.tsx";
import { ReportView } from "./report/ReportView.tsx";
import { TraceView } from "./trace/TraceView.tsx";
import type { View } from "./view.ts";
import { WhatIfView } from "./what-if/WhatIfView.tsx";
import { Welcome } from "./welcome/Welcome.tsx";

/** Every view, in the order of the rail. */
export const views: readonly View[] = [
  {
    id: "welcome",
    title: "Open",
    Icon: FolderOpen,
    isAvailable: () => true,
    show: (state) => state.activateTab(null),
    Component: Welcome,
  },
  {
    id: "trace",
    title: "Trace",
    Icon: ChartNoAxesGantt,
    isAvailable: (state) => state.tabs.length > 0,
    show: (state) => state.activateTab(state.activeKey ?? state.tabs.at(-1)?.key ?? null),
    Component: TraceView,
  },
  {
    id: "profile",
    title: "Profile",
    Icon: Gauge,
    isAvailable: () => true,
    show: (state) => state.showView("profile"),
    Component: ProfileView,
  },
  {
    id: "scaling",
    title: "Scaling",
    Icon: ChartSpline,
    isAvailable: () => true,
    show: (state) => state.showView("scaling"),
    Component: ScalingView,
  },
  {
    id: "compare",
    title: "Compare",
    Icon: GitCompareArrows,
    isAvailable: () => true,
    show: (state) => state.showView("compare"),
    Component: CompareView,
  },
  {
    id: "findings",
    title: "Findings",
    Icon: Lightbulb,
    isAvailable: () => true,
    show: (state) => state.showView("findings"),
    Component: FindingsView,
  },
  {
    id: "whatIf",
    title: "What if",
    Icon: Split,
    isAvailable: () => true,
    show: (state) => state.showView("whatIf"),
    Component: WhatIfView,
  },
  {
    id: "history",
    title: "History",
    Icon: History,
    isAvailable: () => true,
    show: (state) => state.showView("history"),
    Component: HistoryView,
  },
  {
    id: "report",
    title: "Report",
    Icon: FileText,
    isAvailable: () => true,
    show: (state) => state.showView("report"),
    Component: ReportView,
  },
];
