import { ArrowDownRight, ArrowUpLeft } from "lucide-react";
import type { SpanDetails, SpanLink } from "../../electron/contract/engine-contract.ts";
import { formatCounted, formatDuration } from "../../traces/model/format-units.ts";
import { LongName } from "../names/LongName.tsx";
import { tellApart } from "../names/tell-apart.ts";
import { useAppStore } from "../state/store.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { classes } from "../ui/css.ts";
import { KindMark } from "../ui/KindMark.tsx";
import styles from "./DetailsPanel.module.css";
import { NotCollected, Section } from "./FactList.tsx";

const css = classes(styles);

/** What this span was caused by and what it caused; each a jump. */
export function SpanLinks({ tab, details }: { readonly tab: TraceTab; readonly details: SpanDetails }) {
  const incoming = details.links.filter((link) => link.direction === "in");
  const outgoing = details.links.filter((link) => link.direction === "out");
  if (details.links.length === 0) {
    return (
      <Section title="Linked spans">
        <NotCollected>none in the file</NotCollected>
      </Section>
    );
  }
  return (
    <>
      {incoming.length === 0 ? null : (
        <LinkList title={incoming.every(isLaunch) ? "Launched by" : "Caused by"} links={incoming} tab={tab} />
      )}
      {outgoing.length === 0 ? null : (
        <LinkList title={outgoing.every(isLaunch) ? "Launches" : "Causes"} links={outgoing} tab={tab} />
      )}
      {details.linksOmitted === 0 ? null : <p>{`and ${formatCounted(details.linksOmitted, "more", "more")}`}</p>}
    </>
  );
}

function LinkList({
  title,
  links,
  tab,
}: {
  readonly title: string;
  readonly links: readonly SpanLink[];
  readonly tab: TraceTab;
}) {
  const store = useAppStore();
  const { selectSpan, setHover } = store.getState();
  const piecesOf = tellApart(links.map(({ other }) => other.name));
  return (
    <Section title={title}>
      {links.map((link) => {
        const Arrow = link.direction === "in" ? ArrowUpLeft : ArrowDownRight;
        const track = tab.summary?.tracks[link.other.track]?.name ?? "";
        return (
          <button
            key={`${link.direction} ${link.other.span} ${link.name}`}
            type="button"
            className={css("linkRow")}
            title={`${link.other.name}\n${track}\n${link.name}`}
            onClick={() => selectSpan(tab.key, link.other, true)}
            onPointerEnter={() => setHover({ origin: "dock", span: link.other.span, name: null })}
            onPointerLeave={() => setHover(null)}
          >
            <Arrow size={13} aria-hidden />
            <KindMark kind={link.other.kind} />
            <span className={css("linkName")}>
              <LongName pieces={piecesOf(link.other.name)} whole={link.other.name} />
            </span>
            <span className={css("linkTime")}>{formatDuration(link.other.durationNs)}</span>
          </button>
        );
      })}
    </Section>
  );
}

const isLaunch = (link: SpanLink): boolean => link.name === "launch" || link.name === "ac2g";
