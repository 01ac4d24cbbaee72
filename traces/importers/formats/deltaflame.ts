import { isContainer, readContainer } from "../../container/read-container.ts";
import type { SealedImporter } from "../importer.ts";
import { openArgumentsOnly } from "../read-event-arguments.ts";

/*
 * Mapping: columns, strings, tracks, ledger and facts of the container → the same parts of the trace, unchanged
 * (`container/layout.ts`). Format and name become those of the container; the label stays that of the source, and
 * the fact "saved by" names the writer. The arguments of an event are read from the container's own argument section.
 */

/** Deltaflame's own container: a sealed trace as it lies in memory. */
export const deltaflame: SealedImporter = {
  id: "deltaflame",
  label: "Deltaflame container (.dflame)",
  shortNames: ["Deltaflame"],
  extensions: ["dflame"],
  sniff: (head) => (isContainer(head) ? 1 : 0),
  openArguments: openArgumentsOnly,
  async open(source, context, allocate) {
    const { trace, directory } = await readContainer(source, {
      allocate,
      isOwn: context.isOwnContainer ?? false,
      onPiece(bytesRead) {
        context.throwIfCancelled();
        context.reportProgress(bytesRead, () => ({
          name: context.fileName,
          format: "deltaflame",
          formatLabel: "Deltaflame container",
          facts: [],
        }));
      },
    });
    const { facts } = trace.meta;
    return {
      ...trace,
      meta: {
        ...trace.meta,
        name: context.fileName,
        format: "deltaflame",
        facts: [...facts.filter(([key]) => key !== savedBy), [savedBy, directory.writer]],
      },
    };
  },
};

const savedBy = "saved by";
