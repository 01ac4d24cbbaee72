import { type FormEvent, useState } from "react";
import { Heading } from "react-aria-components";
import { LinkError, linkStart, parseLink } from "../../electron/contract/view-link.ts";
import { useAppStore } from "../state/store.ts";
import { Button } from "../ui/Button.tsx";
import { classes } from "../ui/css.ts";
import { Field, TextInput } from "../ui/Field.tsx";
import styles from "./LinkDialog.module.css";
import { Overlay } from "./Overlay.tsx";

const css = classes(styles);

/** Takes a link and goes there; says what is wrong with one before anything is opened. */
export function LinkDialog() {
  const store = useAppStore();
  const [text, setText] = useState("");
  const [isTried, setIsTried] = useState(false);
  const close = (): void => store.getState().showOverlay(null);
  const fault = faultOf(text);
  const open = (event?: FormEvent): void => {
    event?.preventDefault();
    setIsTried(true);
    if (fault !== null) return;
    close();
    void store.getState().openLink(text);
  };
  return (
    <Overlay label="Open a link" size="palette" onClose={close}>
      <form className={css("form")} onSubmit={open}>
        <Heading slot="title" className={css("heading")}>
          Open a link
        </Heading>
        <Field
          label="Link to a view"
          help="Copied with L over a timeline. A file that was not opened here before is opened only if you agree."
          fault={isTried || text.length > linkStart.length ? fault : null}
        >
          {(ids) => (
            <TextInput {...ids} value={text} isInvalid={isTried && fault !== null} onChange={setText} hasFocus />
          )}
        </Field>
        <div className={css("buttons")}>
          <Button onPress={close}>Cancel</Button>
          <Button look="primary" onPress={() => open()}>
            Open
          </Button>
        </div>
      </form>
    </Overlay>
  );
}

function faultOf(text: string): string | null {
  if (text.trim() === "") return "Paste a link here.";
  try {
    parseLink(text);
    return null;
  } catch (error) {
    if (error instanceof LinkError) return error.message;
    throw error;
  }
}
