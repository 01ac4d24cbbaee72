import type { LucideIcon } from "lucide-react";
import type { ComponentType } from "react";
import type { AppState } from "../state/store.ts";

/** A place of the window that the rail leads to: one folder, one line in the registry. */
export interface View {
  readonly id: "welcome" | "trace";
  readonly title: string;
  readonly Icon: LucideIcon;
  readonly isAvailable: (state: AppState) => boolean;
  readonly show: (state: AppState) => void;
  readonly Component: ComponentType;
}
