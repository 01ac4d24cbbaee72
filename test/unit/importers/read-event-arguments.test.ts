import { describe, expect, it } from "vitest";
import { readEventArguments } from "../../../traces/importers/read-event-arguments.ts";
import { memorySource } from "../../../traces/io/memory-source.ts";
import { toBytes } from "./import-text.ts";

const read = (text: string, offset = 0, options = {}): ReturnType<typeof readEventArguments> =>
  readEventArguments(memorySource(toBytes(text)), offset, options);

describe("arguments of one event", () => {
  it("keeps numbers digit by digit, order, and nested values as JSON", async () => {
    const text = `[ {"ph":"X","ts": 1712195495406757.723,"name":"a\\u0062","args": {"Comms Id": 10159970886766084423, "dims": [ [1, 2], {"x y" : "z \\" ]"} ], "s":"tab\\t","n":null,"t":true,"e":1E400}, "tts": 5}]`;
    expect(await read(text, 2)).toEqual({
      name: "ab",
      startText: "1712195495406757.723",
      args: [
        ["Comms Id", "10159970886766084423"],
        ["dims", '[[1,2],{"x y":"z \\" ]"}]'],
        ["s", "tab\t"],
        ["n", "null"],
        ["t", "true"],
        ["e", "1E400"],
        ["tts", "5"],
      ],
    });
  });

  it("treats __proto__ as a key like any other and lets the last of equal keys win", async () => {
    const { args } = await read('{"name":"a","args":{"__proto__":{"x":1},"constructor":"c","k":1,"k":2,}}');
    expect(args).toEqual([
      ["__proto__", '{"x":1}'],
      ["constructor", "c"],
      ["k", "2"],
    ]);
    expect({}).not.toHaveProperty("x");
  });

  it("shows arguments that are no object", async () => {
    expect((await read('{"name":"a","args":[1, 2]}')).args).toEqual([["args", "[1,2]"]]);
    expect((await read('{"name":"a","args":null}')).args).toEqual([]);
    expect(await read('{"ph":"i"}')).toEqual({ name: null, startText: null, args: [] });
  });

  it("reads events larger than its first window, up to the limit", async () => {
    const text = `{"name":"a","args":{"x":"${"y".repeat(300_000)}"}}`;
    expect((await read(text)).args[0]?.[1]).toHaveLength(300_000);
    await expect(read(text, 0, { maxBytes: 65_536 })).rejects.toThrow(
      "expected an event of at most 65536 bytes, found a larger one",
    );
  });

  it("reads 200,000 nested brackets", async () => {
    const deep = "[".repeat(200_000) + "]".repeat(200_000);
    expect((await read(`{"args":{"x":${deep}}}`)).args).toEqual([["x", deep]]);
  });

  it("notices a file that is not the one it was", async () => {
    await expect(read('{"name":"a"}', 0, { expectedName: "b" })).rejects.toThrow(
      "The file changed on disk after it was opened",
    );
    await expect(read('{"name":"a"}', 3)).rejects.toThrow("expected an event, found something else");
    await expect(read('{"name":"a"}', 99)).rejects.toThrow("expected an event, found the end of the file");
    await expect(read('{"name":"a","args":{"x":"')).rejects.toThrow(
      "expected an event, found one that the end of the file cuts off",
    );
  });
});
