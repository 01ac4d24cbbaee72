import { Copy } from "lucide-react";
import type { ReactNode } from "react";
import { useApp } from "../state/store.ts";
import { classes } from "../ui/css.ts";
import styles from "./FactList.module.css";

const css = classes(styles);

export interface Fact {
  readonly name: string;
  readonly value: ReactNode;
  /** Full precision, on hover. */
  readonly exact?: string | undefined;
}

/** Names and values in two columns. */
export function FactList({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className={css("facts")}>
      {facts.map((fact) => (
        <div key={fact.name} className={css("fact")} title={fact.exact}>
          <dt className={css("name")}>{fact.name}</dt>
          <dd className={css("value")}>{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A value nobody measured; a word, not a zero. */
export function NotCollected({ children = "not collected" }: { readonly children?: ReactNode }) {
  return <span className={css("absent")}>{children}</span>;
}

/** Arguments as the file gives them; a click copies one value. */
export function ArgumentList({ args }: { readonly args: readonly (readonly [key: string, value: string])[] }) {
  const copyText = useApp((state) => state.copyText);
  return (
    <table className={css("args")}>
      <tbody>
        {args.map(([key, value], index) => (
          // oxlint-disable-next-line react/no-array-index-key -- keys of a file may repeat; their order never changes
          <tr key={`${index} ${key}`}>
            <th scope="row" className={css("key")}>
              <bdi>{key}</bdi>
            </th>
            <td className={css("argument")}>
              {value === "" ? <NotCollected>empty</NotCollected> : <bdi>{value}</bdi>}
              <button
                type="button"
                className={css("copy")}
                aria-label={`Copy the value of ${key}`}
                onClick={() => void copyText(value, `Value of ${key}`)}
              >
                <Copy size={12} aria-hidden />
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A headed part of a panel. */
export function Section({
  title,
  children,
  aside,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly aside?: ReactNode;
}) {
  return (
    <section className={css("section")}>
      <h2 className={css("title")}>
        {title}
        {aside === undefined ? null : <span className={css("aside")}>{aside}</span>}
      </h2>
      {children}
    </section>
  );
}
