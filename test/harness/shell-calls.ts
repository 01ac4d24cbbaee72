import type { Page } from "playwright-core";

import type {
  ShellCommandName,
  ShellCommands,
  ShellEventName,
  ShellEvents,
  WindowBridge,
} from "../../electron/contract/window-contract.ts";

type BridgedWindow = typeof globalThis & { readonly deltaflame: WindowBridge; heard?: Record<string, unknown[]> };

/** Asks the shell from inside the page, as the window itself does. */
export function askShell<N extends ShellCommandName>(
  page: Page,
  command: N,
  request: ShellCommands[N]["request"],
): Promise<ShellCommands[N]["reply"]> {
  return page.evaluate(
    ([name, value]) => (globalThis as unknown as BridgedWindow).deltaflame.invoke(name as never, value as never),
    [command, request] as const,
  ) as Promise<ShellCommands[N]["reply"]>;
}

/** The message with which the shell refuses; throws when it answers. */
export async function refusalOf(page: Page, command: string, request: unknown): Promise<string> {
  return page.evaluate(
    ([name, value]) =>
      (globalThis as unknown as BridgedWindow).deltaflame.invoke(name as never, value as never).then(
        (reply: unknown) => Promise.reject(new Error(`answered ${JSON.stringify(reply)}`)),
        (error: Error) => error.message,
      ),
    [command, request] as const,
  );
}

/** Collects what the shell sends from now on; the function waits for the first one. */
export async function listenToShell<N extends ShellEventName>(
  page: Page,
  event: N,
): Promise<() => Promise<ShellEvents[N]>> {
  await page.evaluate((name) => {
    const bridged = globalThis as unknown as BridgedWindow;
    const heard = ((bridged.heard ??= {})[name] ??= []);
    bridged.deltaflame.on(name, (payload) => heard.push(payload));
  }, event);
  return async () => {
    const first = await page.waitForFunction(
      (name) => (globalThis as unknown as BridgedWindow).heard?.[name]?.[0],
      event,
    );
    return (await first.jsonValue()) as ShellEvents[N];
  };
}
