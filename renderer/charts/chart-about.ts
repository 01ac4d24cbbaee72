import { createContext } from "react";

/** What the numbers of the charts of a view hold for, told in their exported pictures; "" tells nothing. */
export const ChartAbout = createContext("");
