import {
  arrayOf,
  type JsonObject,
  type JsonValue,
  numberOf,
  objectOf,
  parseJson,
  textOf,
} from "../json-scan/json-value.ts";
import { decodeUtf8 } from "../json-scan/json-text.ts";

/**
 * Members of the root object that may be shown. Everything else (hosts, users, jobs, paths, program output) is
 * not even read.
 */
const plainFacts: ReadonlyMap<string, string> = new Map([
  ["schemaVersion", "trace schema"],
  ["cuda_runtime_version", "CUDA runtime"],
  ["cuda_driver_version", "CUDA driver"],
  ["cupti_version", "CUPTI"],
  ["hip_runtime_version", "HIP runtime"],
  ["hip_driver_version", "HIP driver"],
  ["rocm_version", "ROCm"],
  ["pytorch_version", "PyTorch"],
  ["torch_version", "PyTorch"],
  ["triton_version", "Triton"],
  ["jax_version", "JAX"],
  ["jaxlib_version", "jaxlib"],
]);

/** What DevTools tells of the recording, in `metadata`. */
const recordingFacts: ReadonlyMap<string, string> = new Map([
  ["startTime", "recorded"],
  ["hardwareConcurrency", "processors"],
  ["cpuThrottling", "CPU throttling"],
  ["networkThrottling", "network throttling"],
]);

const structuredMembers: ReadonlySet<string> = new Set([
  "baseTimeNanoseconds",
  "deviceProperties",
  "distributedInfo",
  "metadata",
  "otherData",
  "clientInfo",
]);

/** What the members of the root object beside the events tell. */
export class RootFacts {
  readonly facts: (readonly [key: string, value: string])[] = [];
  /** Device ordinal → model, for track details. */
  readonly deviceNames: Map<string, string> = new Map();
  baseTimeNs: bigint | null = null;
  /** The file says that DevTools, Chrome or the PyTorch profiler wrote it. */
  producer: string | null = null;
  isKineto = false;

  wants(key: string): boolean {
    return plainFacts.has(key) || structuredMembers.has(key);
  }

  read(key: string, bytes: Uint8Array): void {
    if (key === "baseTimeNanoseconds") {
      const text = decodeUtf8(bytes).replaceAll('"', "").trim();
      if (/^-?\d+$/.test(text)) this.baseTimeNs = BigInt(text);
      this.isKineto = true;
      return;
    }
    const value = parseJson(bytes);
    if (key === "schemaVersion" || key === "deviceProperties") this.isKineto = true;
    if (key === "deviceProperties") this.#readDevices(arrayOf(value) ?? []);
    else if (key === "distributedInfo") this.#readDistributed(objectOf(value));
    else if (key === "metadata" || key === "otherData" || key === "clientInfo") this.#readOther(objectOf(value));
    else this.#add(plainFacts.get(key) ?? key, textOf(value));
  }

  #add(key: string, value: string | null): void {
    if (value !== null && value !== "") this.facts.push([key, value]);
  }

  #readDevices(devices: readonly JsonValue[]): void {
    for (const entry of devices) {
      const device = objectOf(entry);
      const id = textOf(device?.get("id"));
      const name = textOf(device?.get("name"));
      if (device === null || id === null || name === null) continue;
      this.deviceNames.set(id, name);
      this.facts.push([`GPU ${id}`, [name, ...describeDevice(device)].join(", ")]);
    }
  }

  #readDistributed(info: JsonObject | null): void {
    for (const key of ["rank", "world_size"]) this.#add(key.replace("_", " "), textOf(info?.get(key)));
    // "nccl": what ranks talk through, not what computes.
    this.#add("distributed backend", textOf(info?.get("backend")));
  }

  /** Of free-form metadata only the program that wrote it, and what is known of recordings of DevTools. */
  #readOther(other: JsonObject | null): void {
    if (other?.get("source") === "DevTools") {
      this.producer = "Chrome DevTools";
      for (const [key, label] of recordingFacts) this.#add(label, textOf(other.get(key)));
    }
    const version = textOf(other?.get("version")) ?? textOf(other?.get("product-version"));
    if (version !== null && /^[\w ]*Chrom\w*\/[\d.]+$/.test(version)) this.producer = version;
  }
}

function describeDevice(device: JsonObject): string[] {
  const memory = numberOf(device.get("totalGlobalMem"));
  const major = textOf(device.get("computeMajor"));
  const minor = textOf(device.get("computeMinor"));
  const units = textOf(device.get("numSms"));
  const parts: string[] = [];
  if (memory !== null) parts.push(`${(memory / 2 ** 30).toFixed(1)} GiB`);
  if (major !== null && minor !== null) parts.push(`compute ${major}.${minor}`);
  if (units !== null) parts.push(`${units} multiprocessors`);
  return parts;
}
