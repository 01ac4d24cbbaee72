import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { databaseName, exportCommand } from "../../../traces/importers/formats/nsight-report.ts";
import { UserFacingError } from "../../../traces/model/errors.ts";
import { exportReport } from "../nsys/export-report.ts";
import { findNsys } from "../nsys/find-nsys.ts";
import type { GrantedFile } from "../trace-store.ts";
import type { HandlerParts, Handlers } from "./create-handlers.ts";

/** What can be done with a report of Nsight Systems, and doing it: with the user's own nsys, when asked to. */
export function createReportHandlers({ grants }: HandlerParts): Pick<Handlers, "nsight.plan" | "nsight.export"> {
  const find = async (token: string): Promise<GrantedFile> => {
    const file = await grants.find(token);
    if (file === null)
      throw new UserFacingError("this file was not chosen by the user, or the engine has restarted since");
    return file;
  };
  return {
    async "nsight.plan"({ file: token }) {
      const file = await find(token);
      const database = databaseBeside(file.path);
      const isThere = await exists(database);
      return {
        database: isThere ? basename(database) : null,
        newDatabase: basename(database),
        nsysVersion: await findNsys(),
        command: exportCommand(file.name),
      };
    },

    async "nsight.export"({ file: token }, { signal, reportProgress }) {
      const file = await find(token);
      const databasePath = databaseBeside(file.path);
      if (await exists(databasePath)) throw new UserFacingError(`${basename(databasePath)} is there already`);
      await exportReport({
        reportPath: file.path,
        databasePath,
        signal,
        onBytes: (bytes) => reportProgress({ done: bytes, total: null, unit: "bytes" }),
      });
      return { database: basename(databasePath) };
    },
  };
}

/** Where nsys itself puts the database of a report. */
function databaseBeside(path: string): string {
  return join(dirname(path), databaseName(basename(path)));
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );
}
