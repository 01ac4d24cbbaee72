import { describe, expect, test } from "vitest";
import {
  chooseTimeUnit,
  formatApart,
  formatBytes,
  formatCount,
  formatCounted,
  formatDuration,
  formatDurationExact,
  formatInUnit,
  formatNumber,
  formatRatio,
  formatShare,
  formatTimeLeft,
  thinSpace,
  timeUnits,
} from "../../../traces/model/format-units.ts";

/** Thin spaces as "_", for reading. */
const plain = (text: string): string => text.replaceAll(thinSpace, "_");

test("a value is told from a limit that it hardly exceeds", () => {
  expect([formatApart(10.04, 10), formatApart(10.000_02, 10), formatApart(12.4, 10), formatApart(10, 10)]).toEqual([
    "10.04",
    "10.00002",
    "12.4",
    "10.0",
  ]);
  expect(formatApart(5, Number.POSITIVE_INFINITY)).toBe("5.00");
});

describe("durations", () => {
  test.each([
    [0, "0_ns"],
    [1, "1_ns"],
    [999, "999_ns"],
    [999.6, "1.00_µs"],
    [1234, "1.23_µs"],
    [12_400_000, "12.4_ms"],
    [999_600, "1.00_ms"],
    [151_000_000, "151_ms"],
    [7_460_000_000, "7.46_s"],
    [119_400_000_000, "119_s"],
    [119_500_000_000, "2_min"],
    [725_400_000_000, "12_min 5_s"],
    [3_599_600_000_000, "1_h"],
    [12_345_600_000_000, "3_h 26_min"],
    [86_400e9, "1_d"],
    [98_429e9, "1_d 3_h 20_min"],
    [1.7e18, "53.9 years"],
    [-3_600e9, "−1_h"],
    [-1500, "−1.50_µs"],
  ])("%d ns is %s", (ns, text) => {
    expect(plain(formatDuration(ns))).toBe(text);
  });
  test("all digits on demand", () => {
    expect(plain(formatDurationExact(12_403_118))).toBe("12_403_118_ns");
  });
});

describe("columns", () => {
  test("take the unit of the median", () => {
    expect(chooseTimeUnit([5_000, 20_000, 30_000])).toBe(timeUnits.us);
    expect(chooseTimeUnit([0, 0, 3_000_000])).toBe(timeUnits.ms);
    expect(chooseTimeUnit([])).toBe(timeUnits.ns);
    expect(chooseTimeUnit([60e9, 7000e9, 9000e9])).toBe(timeUnits.s);
    expect(chooseTimeUnit([3600e9, 7300e9, 90_000e9])).toBe(timeUnits.h);
  });
  test("take a larger one where the largest would be long and the small ones still show", () => {
    expect(chooseTimeUnit([150_000, 900_000, 990_000, 600_000_000])).toBe(timeUnits.ms);
    expect(chooseTimeUnit([5_000, 20_000, 30_000, 600_000_000])).toBe(timeUnits.us);
  });
  test("never say 0.00 of something that is there", () => {
    expect(plain(formatInUnit(4_000, timeUnits.ms))).toBe("<_0.01");
    expect(formatInUnit(0, timeUnits.ms)).toBe("0");
    expect(formatInUnit(52_400, timeUnits.ms)).toBe("0.052");
    expect(formatInUnit(520_000, timeUnits.ms)).toBe("0.520");
  });
});

describe("numbers", () => {
  test.each([
    [1.2345, "1.23"],
    [12.345, "12.3"],
    [99.96, "100"],
    [123.45, "123"],
    [1234.5, "1235"],
    [12_345.6, "12_346"],
    [0.0123, "0.0123"],
    [-2.5, "−2.50"],
    [2e20, "2.00e+20"],
    [Number.NaN, "not a number"],
    [-Infinity, "−∞"],
  ])("%d is %s", (value, text) => {
    expect(plain(formatNumber(value))).toBe(text);
  });
  test("counts, words, ratios, shares", () => {
    expect(plain(formatCount(9999))).toBe("9999");
    expect(plain(formatCount(1_234_567))).toBe("1_234_567");
    expect(formatCounted(1, "span")).toBe("1 span");
    expect(formatCounted(2, "child", "children")).toBe("2 children");
    expect(formatRatio(1.42)).toBe("1.42×");
    expect(plain(formatShare(0.1239))).toBe("12.4_%");
    expect(plain(formatShare(1))).toBe("100_%");
    expect(plain(formatShare(0.0004))).toBe("<_0.1_%");
    expect(plain(formatShare(0))).toBe("0.0_%");
  });
  test.each([
    [0, "0_B"],
    [999, "999_B"],
    [1_080_000, "1.08_MB"],
    [132_000_000, "132_MB"],
    [999_900, "1.00_MB"],
    [5e12, "5.00_TB"],
  ])("%d bytes are %s", (bytes, text) => {
    expect(plain(formatBytes(bytes))).toBe(text);
  });
  test("time left is an estimate in words", () => {
    expect(formatTimeLeft(0.4)).toBe("less than 1 s");
    expect(plain(formatTimeLeft(3.2))).toBe("about 4_s");
    expect(plain(formatTimeLeft(200))).toBe("about 4_min");
  });
});
