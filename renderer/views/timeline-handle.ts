import { createContext } from "react";
import type { TimelineController } from "../timeline/controller.ts";

/** Tells the app which timeline is on the screen, so that commands from elsewhere reach it. */
export const TimelineHandleContext = createContext<(timeline: TimelineController | null) => void>(() => undefined);
