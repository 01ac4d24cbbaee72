import { CancelledError } from "../../traces/model/errors.ts";
import type { Sliced } from "../../traces/model/sliced.ts";
import type {
  CallContext,
  Channel,
  CommandName,
  EngineHandlers,
  FromEngine,
  ToEngine,
} from "../contract/engine-contract.ts";
import { toPlainError } from "../contract/plain-error.ts";
import { BadRequestError, isCommandName, parseEnvelope, parseRequest } from "../contract/schemas.ts";
import { toFileError } from "./files.ts";
import type { Turns, UrgentJob } from "./turns.ts";

export interface JobContext extends CallContext {
  /** Runs a long query so that others pass; throws `CancelledError` when the call is cancelled. */
  runSlices<T>(work: Sliced<T>): Promise<T>;
}

type Handlers = EngineHandlers<JobContext>;

export interface ClientParts {
  /** Unique among the clients of an engine; each has its own panels. */
  readonly client: string;
  readonly handlers: Handlers;
  readonly turns: Turns;
}

interface Job {
  readonly abort: AbortController;
  /** Set while the job waits among the urgent ones. */
  urgent?: { readonly key: string; readonly job: UrgentJob };
}

/**
 * Answers the calls of one client: checks each message, runs its handler, answers once with a reply or an error.
 * A malformed message is answered with an error and has no other effect. Returns its own undo, which cancels the
 * calls that still run and closes the channel.
 */
export function serveClient(
  channel: Channel<FromEngine, ToEngine>,
  { client, handlers, turns }: ClientParts,
): () => void {
  const jobs = new Map<number, Job>();
  let stopped = false;

  const send = (message: FromEngine): void => {
    if (!stopped) channel.send(message);
  };
  const fail = (id: number, error: unknown): void =>
    send({ kind: "failed", id, error: toPlainError(toFileError(error)) });

  const run = async (id: number, job: Job, command: CommandName, request: unknown): Promise<void> => {
    const { signal } = job.abort;
    const context: JobContext = {
      signal,
      reportProgress: (progress) => send({ kind: "progress", id, progress }),
      emit: send,
      runSlices: (work) => turns.runSlices(work, signal),
    };
    try {
      const reply = await callHandler(handlers, command, request, context);
      if (signal.aborted) throw new CancelledError();
      send({ kind: "done", id, reply });
    } catch (error) {
      fail(id, error);
    } finally {
      jobs.delete(id);
    }
  };

  const start = (id: number, command: string, request: unknown): void => {
    if (jobs.has(id)) throw new BadRequestError(`call ${id} is already running`);
    if (!isCommandName(command)) throw new BadRequestError(`unknown command "${command.slice(0, 64)}"`);
    const checked = parseRequest(command, request);
    const job: Job = { abort: new AbortController() };
    jobs.set(id, job);
    if (command !== "timeline.view") return void run(id, job, command, checked);
    const urgent: UrgentJob = {
      answer: () => void run(id, job, command, checked),
      replaced: () => {
        jobs.delete(id);
        fail(id, new CancelledError("a newer view of this panel replaced this one"));
      },
    };
    job.urgent = { key: `${client} ${(checked as { readonly panel: string }).panel}`, job: urgent };
    turns.addUrgent(job.urgent.key, urgent);
  };

  const cancel = (id: number): void => {
    const job = jobs.get(id);
    if (job === undefined) return;
    job.abort.abort();
    if (job.urgent === undefined || !turns.dropUrgent(job.urgent.key, job.urgent.job)) return;
    jobs.delete(id);
    fail(id, new CancelledError());
  };

  const stopListening = channel.onMessage((message: unknown) => {
    try {
      const envelope = parseEnvelope(message);
      if (envelope.kind === "cancel") cancel(envelope.id);
      else start(envelope.id, envelope.command, envelope.request);
    } catch (error) {
      fail(idOf(message), error);
    }
  });

  return () => {
    if (stopped) return;
    stopListening();
    for (const id of jobs.keys()) cancel(id);
    stopped = true;
    channel.close();
  };
}

async function callHandler(
  handlers: Handlers,
  command: CommandName,
  request: unknown,
  context: JobContext,
): Promise<unknown> {
  // The request was parsed by the schema of this very command.
  const handler = handlers[command] as (request: unknown, context: JobContext) => Promise<unknown>;
  return await handler(request, context);
}

/** Client ids start at 1, so 0 belongs to no call. */
function idOf(message: unknown): number {
  if (typeof message !== "object" || message === null || !("id" in message)) return 0;
  return typeof message.id === "number" && Number.isSafeInteger(message.id) ? message.id : 0;
}
