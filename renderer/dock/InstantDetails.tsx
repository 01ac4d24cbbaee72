import { useState } from "react";
import type { InstantDetails as Instant } from "../../electron/contract/engine-contract.ts";
import { formatDurationExact } from "../../traces/model/format-units.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { useEngineQuery } from "../state/use-engine-query.ts";
import { exactTime } from "../timeline/axis-ticks.ts";
import { classes } from "../ui/css.ts";
import { absoluteTime } from "./absolute-time.ts";
import { ScrollArea } from "../ui/ScrollArea.tsx";
import styles from "./DetailsPanel.module.css";
import { ArgumentList, FactList, NotCollected, Section } from "./FactList.tsx";
import { PackedArguments } from "./PackedArguments.tsx";

const css = classes(styles);

/** One mark without duration. */
export function InstantDetails({ tab, instant: selected }: { readonly tab: TraceTab; readonly instant: Instant }) {
  const [isUnpacked, setUnpacked] = useState(false);
  const { reply } = useEngineQuery(
    "instant.details",
    isUnpacked && selected.argsPacked ? { trace: tab.key, instant: selected.instant } : null,
  );
  const instant = reply?.instant === selected.instant ? reply : selected;
  const absolute = absoluteTime(tab.summary, instant.timeNs);
  return (
    <div className={css("details")}>
      <header className={css("head")}>
        <div className={css("titleLine")}>
          <h2 className={css("title")}>
            <bdi>{instant.name}</bdi>
          </h2>
          <span className={css("headDuration")}>instant</span>
        </div>
      </header>
      <ScrollArea className={css("columns")} label="The selected instant">
        <div>
          <FactList
            facts={[
              { name: "Time", value: exactTime(instant.timeNs), exact: formatDurationExact(instant.timeNs) },
              ...(absolute === null ? [] : [{ name: "Clock", value: absolute }]),
              { name: "Category", value: instant.category ?? <NotCollected>none</NotCollected> },
              { name: "Track", value: tab.summary?.tracks[instant.track]?.name ?? "" },
            ]}
          />
        </div>
        <div>
          {instant.argsPacked ? (
            <PackedArguments trace={tab.key} onUnpacked={() => setUnpacked(true)} />
          ) : (
            <Section title="Arguments">
              {instant.argsUnavailable !== null ? (
                <NotCollected>{`not available: ${instant.argsUnavailable}`}</NotCollected>
              ) : instant.args.length === 0 ? (
                <NotCollected>none in the file</NotCollected>
              ) : (
                <ArgumentList args={instant.args} />
              )}
            </Section>
          )}
        </div>
      </ScrollArea>
    </div>
  );
}
