import { expect, it } from "vitest";
import { XxHash32, xxHash32 } from "../../../traces/io/xxhash32.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

it("gives the hashes of the xxHash32 specification", () => {
  expect(xxHash32(bytesOf(""))).toBe(0x02cc5d05);
  expect(xxHash32(bytesOf("a"))).toBe(0x550d7456);
  expect(xxHash32(bytesOf("abc"))).toBe(0x32d153ff);
  expect(xxHash32(bytesOf("Nobody inspects the spammish repetition"))).toBe(0xe2293b2f);
});

it("gives the same hash however the bytes are cut and wherever they lie in memory", () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, index) => (index * 37) >> 2);
  const whole = xxHash32(bytes);
  for (const step of [1, 3, 15, 16, 17, 64, 999]) {
    const hash = new XxHash32();
    for (let at = 0; at < bytes.length; at += step) hash.update(bytes.subarray(at, at + step));
    expect(hash.digest()).toBe(whole);
  }
});
