import type { LucideIcon } from "lucide-react";
import type { ComponentType } from "react";
import type { AppState } from "../state/store.ts";
import type { ViewId } from "../state/tabs-slice.ts";

/** A place of the window that the rail leads to: one folder, one line in the registry. */
export interface View {
  readonly id: ViewId;
  readonly title: string;
  readonly Icon: LucideIcon;
  readonly isAvailable: (state: AppState) => boolean;
  readonly show: (state: AppState) => void;
  readonly Component: ComponentType;
}
