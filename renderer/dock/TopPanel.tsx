import { Copy } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { scopeOf, scopeWords } from "../state/scope.ts";
import { useAppStore } from "../state/store.ts";
import type { TraceTab } from "../state/trace-tab.ts";
import { IconButton } from "../ui/Button.tsx";
import { classes } from "../ui/css.ts";
import { SearchField } from "../ui/SearchField.tsx";
import { Segmented } from "../ui/Segmented.tsx";
import styles from "./panel.module.css";
import { copyTop, TopTable } from "./TopTable.tsx";

const css = classes(styles);
const groups = [
  { value: "name", title: "By name" },
  { value: "path", title: "By path" },
] as const;

/** Where the time goes, by name or by path. */
export function TopPanel({ tab }: { readonly tab: TraceTab }) {
  const store = useAppStore();
  const [group, setGroup] = useState<"name" | "path">("name");
  const [filter, setFilter] = useState("");
  const nameContains = useDeferredValue(filter.trim());
  const scope = { ...scopeOf(tab), ...(nameContains === "" ? {} : { nameContains }) };
  const copy = (): void => void copyTop(store, { trace: tab.key, scope, group, sort: "selfNs", descending: true });
  return (
    <div className={css("panel")}>
      <div className={css("bar")}>
        <span className={css("scope")}>{scopeWords(tab)}</span>
        <Segmented label="Group" value={group} options={groups} onChange={setGroup} />
        <div className={css("filter")}>
          <SearchField
            label="Filter the table by name"
            placeholder="Filter names"
            value={filter}
            onChange={setFilter}
          />
        </div>
        <IconButton icon={<Copy size={15} />} label="Copy the table" shortcut="Mod+C" onPress={copy} />
      </div>
      <div className={css("body")}>
        <TopTable tab={tab} scope={scope} group={group} />
      </div>
    </div>
  );
}
