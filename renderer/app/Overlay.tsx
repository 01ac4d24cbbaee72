import type { ReactNode } from "react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components";
import { classes } from "../ui/css.ts";
import styles from "./Overlay.module.css";

const css = classes(styles);

export interface OverlayProps {
  readonly label: string;
  readonly size: "palette" | "sheet";
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A dialog over the window; Escape or a click outside closes it, the focus returns. */
export function Overlay({ label, size, onClose, children }: OverlayProps) {
  return (
    <ModalOverlay className={css("scrim")} isOpen isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className={css("modal", size)}>
        <Dialog aria-label={label} className={css("dialog")}>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
