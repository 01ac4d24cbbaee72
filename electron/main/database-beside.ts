import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import type { FileGrant } from "../contract/window-contract.ts";
import type { FileGrants } from "./file-grants.ts";
import { ShellError } from "./shell-error.ts";

/** Grants the database that nsys made beside a report; null when there is none. The report must be granted. */
export async function grantDatabaseBeside(token: string, grants: FileGrants): Promise<FileGrant | null> {
  const report = grants.find(token);
  if (report === null) throw new ShellError("This file was not granted");
  if (!reportName.test(report.name)) return null;
  const path = join(dirname(report.path), `${basename(report.name).replace(reportName, "")}.sqlite`);
  const isThere = await stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );
  return isThere ? await grants.grant(path) : null;
}

const reportName = /\.(?:nsys-rep|qdrep)$/i;
