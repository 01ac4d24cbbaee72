import { memo, useDeferredValue } from "react";
import { Button, Tooltip, TooltipTrigger } from "react-aria-components";
import { useApp, useAppStore } from "../state/store.ts";
import { viewOf } from "../state/tabs-slice.ts";
import { classes } from "../ui/css.ts";
import { views } from "../views/registry.ts";
import type { View } from "../views/view.ts";
import styles from "./Rail.module.css";

const css = classes(styles);

/** The views that exist, one below the other. */
export function Rail() {
  const shownView = useApp(viewOf);
  // Changes with the first tab, which has enough to do: rendered in slices.
  const available = useDeferredValue(
    useApp((state) =>
      views
        .filter((view) => view.isAvailable(state))
        .map((view) => view.id)
        .join(),
    ),
  ).split(",");
  return (
    <nav className={css("rail")} aria-label="Views">
      {views.map((view) => (
        <ViewButton
          key={view.id}
          view={view}
          isShown={view.id === shownView}
          isAvailable={available.includes(view.id)}
        />
      ))}
    </nav>
  );
}

const ViewButton = memo(function ViewButton({
  view,
  isShown,
  isAvailable,
}: {
  readonly view: View;
  readonly isShown: boolean;
  readonly isAvailable: boolean;
}) {
  const store = useAppStore();
  return (
    <TooltipTrigger delay={300}>
      <Button
        className={css("view", isShown && "on")}
        aria-label={view.title}
        {...(isShown ? { "aria-current": "page" as const } : {})}
        isDisabled={!isAvailable}
        onPress={() => view.show(store.getState())}
      >
        <view.Icon size={19} aria-hidden />
      </Button>
      <Tooltip className={css("tooltip")} placement="right" offset={8}>
        {view.title}
      </Tooltip>
    </TooltipTrigger>
  );
});
