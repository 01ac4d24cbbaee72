import { ArrowLeftRight, FileText, FolderOpen, Gauge, GitCompareArrows, X } from "lucide-react";
import type { RecentFile, SampleFile } from "../../../electron/contract/window-contract.ts";
import { formatBytes } from "../../../traces/model/format-units.ts";
import { useApp, useAppStore } from "../../state/store.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import { KeyHint } from "../../ui/KeyHint.tsx";
import styles from "./Welcome.module.css";

const css = classes(styles);

/** The keys that a first look at a trace needs. */
const firstKeys: readonly (readonly [what: string, ...shortcuts: readonly string[]])[] = [
  ["zoom", "W", "S"],
  ["pan", "A", "D"],
  ["fit the selection", "F"],
  ["search", "/"],
  ["measure", "M"],
  ["all commands", "Mod+K"],
  ["all keys", "?"],
];

/** Where a session starts: drop, choose, or go on with a file of last time. */
export function Welcome() {
  const store = useAppStore();
  const recent = useApp((state) => state.recent);
  const allSamples = useApp((state) => state.samples);
  // What only is the other half of a pair opens with it.
  const samples = allSamples.filter(({ id }) => allSamples.every(({ pair }) => pair !== id));
  const { chooseFiles, chooseTwoFiles, forgetRecent, showView } = store.getState();
  return (
    <div className={css("welcome")}>
      <div className={css("page")}>
        <section className={css("drop")}>
          <h1 className={css("title")}>Drop traces here</h1>
          <p className={css("formats")}>
            PyTorch, JAX, Nsight, Perfetto, ONNX Runtime and Chrome traces, sampled profiles, benchmark results. Two at
            once are compared.
          </p>
          <div className={css("open")}>
            <Button look="primary" onPress={() => void chooseFiles()}>
              <FolderOpen size={16} aria-hidden /> Open files…
            </Button>
            <KeyHint shortcut="Mod+O" />
            <Button onPress={() => void chooseTwoFiles()}>
              <ArrowLeftRight size={16} aria-hidden /> Compare two files…
            </Button>
            <Button onPress={() => showView("profile")}>
              <Gauge size={16} aria-hidden /> Profile a workload
            </Button>
          </div>
        </section>
        <div className={css("lists", recent.length === 0 && "single")}>
          {recent.length === 0 ? null : (
            <section aria-labelledby="recent-title">
              <div className={css("listHead")}>
                <h2 id="recent-title" className={css("listTitle")}>
                  Recent
                </h2>
                <button type="button" className={css("forget")} onClick={() => void forgetRecent(null)}>
                  Clear
                </button>
              </div>
              <ul className={css("list")}>
                {recent.map((file) => (
                  <RecentEntry key={file.id} file={file} />
                ))}
              </ul>
            </section>
          )}
          {samples.length === 0 ? null : (
            <section aria-labelledby="samples-title">
              <div className={css("listHead")}>
                <h2 id="samples-title" className={css("listTitle")}>
                  Samples
                </h2>
              </div>
              <ul className={css("list")}>
                {samples.map((sample) => (
                  <SampleEntry key={sample.id} sample={sample} />
                ))}
              </ul>
            </section>
          )}
        </div>
        <ul className={css("list", "keys")} aria-label="Keys in a trace">
          {firstKeys.map(([what, ...shortcuts]) => (
            <li key={what} className={css("hint")}>
              {shortcuts.map((shortcut) => (
                <KeyHint key={shortcut} shortcut={shortcut} />
              ))}
              {what}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function RecentEntry({ file }: { readonly file: RecentFile }) {
  const { openRecent, forgetRecent } = useAppStore().getState();
  return (
    <li className={css("entry")}>
      <button
        type="button"
        className={css("file", !file.exists && "missing")}
        disabled={!file.exists}
        onClick={() => void openRecent(file.id)}
      >
        <FileText size={18} className={css("sign")} aria-hidden />
        <span className={css("words")}>
          <span className={css("name")}>{file.name}</span>
          <span className={css("about")}>
            {file.exists
              ? [file.formatLabel, formatBytes(file.bytes)].filter((word) => word !== null).join(", ")
              : "no longer there"}
            <span className={css("folder")} title={file.folder}>
              {file.folder}
            </span>
          </span>
        </span>
      </button>
      <span className={css("remove")}>
        <IconButton
          icon={<X size={14} />}
          label={`Remove ${file.name} from the list`}
          onPress={() => void forgetRecent(file.id)}
          placement="left"
        />
      </span>
    </li>
  );
}

function SampleEntry({ sample }: { readonly sample: SampleFile }) {
  const { openSample } = useAppStore().getState();
  return (
    <li className={css("entry")}>
      <button type="button" className={css("file")} onClick={() => void openSample(sample.id)}>
        {sample.pair === null ? (
          <FileText size={18} className={css("sign")} aria-hidden />
        ) : (
          <GitCompareArrows size={18} className={css("sign")} aria-hidden />
        )}
        <span className={css("words")}>
          <span className={css("name")}>
            {sample.name} <span className={css("bytes")}>{formatBytes(sample.bytes)}</span>
          </span>
          <span className={css("about", "sentence")}>{sample.description}</span>
        </span>
      </button>
    </li>
  );
}
