import { Command as Palette } from "cmdk";
import { useState } from "react";
import { isLink } from "../../electron/contract/view-link.ts";
import { useApp, useAppStore } from "../state/store.ts";
import { classes } from "../ui/css.ts";
import { KeyHint } from "../ui/KeyHint.tsx";
import type { CommandContext } from "./command.ts";
import styles from "./CommandPalette.module.css";
import { commandGroups, commands } from "./commands.ts";
import { Overlay } from "./Overlay.tsx";

const css = classes(styles);

/** Every command by typing a part of its name. */
export function CommandPalette({ context }: { readonly context: CommandContext }) {
  const store = useAppStore();
  const samples = useApp((state) => state.samples);
  const [typed, setTyped] = useState("");
  const close = (): void => store.getState().showOverlay(null);
  return (
    <Overlay label="All commands" size="palette" onClose={close}>
      <Palette loop label="All commands" className={css("palette")}>
        <Palette.Input
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- a dialog puts the focus inside, here on its one field
          autoFocus
          className={css("input")}
          placeholder="Type a command, or paste a link"
          value={typed}
          onValueChange={setTyped}
        />
        <Palette.List className={css("list")}>
          {isLink(typed) ? (
            <Palette.Item
              forceMount
              value={typed}
              className={css("item")}
              onSelect={() => {
                close();
                void store.getState().openLink(typed);
              }}
            >
              <span className={css("title")}>Open this link</span>
            </Palette.Item>
          ) : null}
          {isLink(typed) ? null : <Palette.Empty className={css("empty")}>{emptyWords(typed, context)}</Palette.Empty>}
          {commandGroups.map((group) => {
            const offered = commands.filter((command) => command.group === group && command.isEnabled(context));
            return offered.length === 0 ? null : (
              <Palette.Group key={group} heading={group} className={css("group")}>
                {offered.map((command) => (
                  <Palette.Item
                    key={command.id}
                    value={`${command.title} ${command.id}`}
                    className={css("item")}
                    onSelect={() => {
                      close();
                      command.run(context);
                    }}
                  >
                    <span className={css("title")}>{command.title}</span>
                    {command.shortcuts[0] === undefined ? null : <KeyHint shortcut={command.shortcuts[0]} />}
                  </Palette.Item>
                ))}
              </Palette.Group>
            );
          })}
          {samples.length === 0 ? null : (
            <Palette.Group heading="Samples" className={css("group")}>
              {samples.map(({ id, name, description }) => (
                <Palette.Item
                  key={id}
                  value={`Open the sample ${name} ${id}`}
                  keywords={[description]}
                  className={css("item")}
                  onSelect={() => {
                    close();
                    void store.getState().openSample(id);
                  }}
                >
                  <span className={css("title")}>{`Open the sample “${name}”`}</span>
                </Palette.Item>
              ))}
            </Palette.Group>
          )}
        </Palette.List>
      </Palette>
    </Overlay>
  );
}

/** What is typed may be the name of a command that rests, such as an export while the file is still read. */
function emptyWords(typed: string, context: CommandContext): string {
  const wanted = typed.trim().toLowerCase();
  const resting = commands.find((command) => command.title.toLowerCase().includes(wanted));
  return resting === undefined || resting.isEnabled(context)
    ? "No command of this name."
    : `“${resting.title}” cannot be done now.`;
}
