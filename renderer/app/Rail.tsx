import { Button, Tooltip, TooltipTrigger } from "react-aria-components";
import { useApp, useAppStore } from "../state/store.ts";
import { viewOf } from "../state/tabs-slice.ts";
import { classes } from "../ui/css.ts";
import { views } from "../views/registry.ts";
import styles from "./Rail.module.css";

const css = classes(styles);

/** The views that exist, one below the other. */
export function Rail() {
  const store = useAppStore();
  const shownView = useApp(viewOf);
  const available = useApp((state) =>
    views
      .filter((view) => view.isAvailable(state))
      .map((view) => view.id)
      .join(),
  ).split(",");
  return (
    <nav className={css("rail")} aria-label="Views">
      {views.map((view) => (
        <TooltipTrigger key={view.id} delay={300}>
          <Button
            className={css("view", view.id === shownView && "on")}
            aria-label={view.title}
            {...(view.id === shownView ? { "aria-current": "page" as const } : {})}
            isDisabled={!available.includes(view.id)}
            onPress={() => view.show(store.getState())}
          >
            <view.Icon size={19} aria-hidden />
          </Button>
          <Tooltip className={css("tooltip")} placement="right" offset={8}>
            {view.title}
          </Tooltip>
        </TooltipTrigger>
      ))}
    </nav>
  );
}
