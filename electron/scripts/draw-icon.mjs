import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";

import { repositoryFolder } from "./bundles.mjs";

/*
 * Draws electron/icon/icon.png: a flame whose tongues are the bars of a flame graph. Run it after changing a number here:
 * node electron/scripts/draw-icon.mjs
 */

const sizePx = 512;
/** Samples per pixel and axis, for smooth edges. */
const samples = 4;

/** A rounded rectangle. @typedef {{ x: number, y: number, width: number, height: number, radius: number, color: readonly number[] }} Bar */

const sky = [0x56, 0xb4, 0xe9];
const blue = [0x2b, 0x8c, 0xd0];
const green = [0x1f, 0xb0, 0x88];
const lime = [0x9c, 0xc2, 0x4a];
const yellow = [0xf2, 0xc1, 0x3d];
const orange = [0xf0, 0x9a, 0x2a];
const red = [0xe2, 0x66, 0x2e];

const barHeight = 34;
const rowStep = 41;
const segmentGap = 7;
const bottomPx = 410;

/** Rows from the bottom: left and right edge, where the row is cut into spans, and the color of each span. */
const rows = [
  { left: 182, right: 338, cuts: [], colors: [blue] },
  { left: 136, right: 384, cuts: [296], colors: [blue, sky] },
  { left: 112, right: 408, cuts: [206, 334], colors: [sky, blue, green] },
  { left: 104, right: 412, cuts: [172, 300], colors: [green, sky, green] },
  { left: 112, right: 400, cuts: [236, 346], colors: [green, lime, green] },
  { left: 140, right: 372, cuts: [214], colors: [lime, yellow] },
  { left: 188, right: 346, cuts: [292], colors: [yellow, orange] },
  { left: 238, right: 330, cuts: [], colors: [orange] },
  { left: 282, right: 326, cuts: [], colors: [red] },
];

/** @type {readonly Bar[]} */
const bars = rows.flatMap(({ left, right, cuts, colors }, row) => {
  const edges = [left, ...cuts, right];
  return colors.map((color, index) => {
    const x = edges[index] ?? left;
    const end = (edges[index + 1] ?? right) - (index < colors.length - 1 ? segmentGap : 0);
    return { x, y: bottomPx - row * rowStep, width: end - x, height: barHeight, radius: 9, color };
  });
});

const plate = { x: 16, y: 16, width: 480, height: 480, radius: 104, color: [] };

/**
 * @param {Bar} bar
 * @param {number} x
 * @param {number} y
 */
function contains({ x: left, y: top, width, height, radius }, x, y) {
  const dx = Math.max(left + radius - x, 0, x - (left + width - radius));
  const dy = Math.max(top + radius - y, 0, y - (top + height - radius));
  return dx * dx + dy * dy <= radius * radius;
}

/**
 * Color and opacity of a point; the plate is a little lighter at its top.
 * @param {number} x
 * @param {number} y
 * @returns {readonly number[]}
 */
function sample(x, y) {
  if (!contains(plate, x, y)) return [0, 0, 0, 0];
  const bar = bars.find((candidate) => contains(candidate, x, y));
  if (bar !== undefined) return [...bar.color, 255];
  const light = 1 - y / sizePx;
  return [18 + 18 * light, 20 + 20 * light, 24 + 24 * light, 255];
}

function drawPixels() {
  const rowBytes = 1 + sizePx * 4;
  const pixels = Buffer.alloc(sizePx * rowBytes);
  for (let y = 0; y < sizePx; y += 1) {
    for (let x = 0; x < sizePx; x += 1) {
      const sums = [0, 0, 0, 0];
      for (let index = 0; index < samples * samples; index += 1) {
        const sx = x + ((index % samples) + 0.5) / samples;
        const sy = y + (Math.floor(index / samples) + 0.5) / samples;
        const [red = 0, green = 0, blue = 0, alpha = 0] = sample(sx, sy);
        sums[0] += (red * alpha) / 255;
        sums[1] += (green * alpha) / 255;
        sums[2] += (blue * alpha) / 255;
        sums[3] += alpha;
      }
      const [red, green, blue, alpha] = sums;
      const cover = alpha / 255 || 1;
      pixels.set(
        [red / cover, green / cover, blue / cover, alpha / (samples * samples)].map(Math.round),
        y * rowBytes + 1 + x * 4,
      );
    }
  }
  return pixels;
}

/**
 * @param {string} type
 * @param {Buffer} body
 */
function createChunk(type, body) {
  const typed = Buffer.concat([Buffer.from(type, "latin1"), body]);
  const chunk = Buffer.alloc(typed.length + 8);
  chunk.writeUInt32BE(body.length, 0);
  typed.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(typed), typed.length + 4);
  return chunk;
}

/** 8-bit RGBA, PNG specification section 11.2.2. */
function encodePng() {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(sizePx, 0);
  header.writeUInt32BE(sizePx, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [
    createChunk("IHDR", header),
    createChunk("IDAT", deflateSync(drawPixels(), { level: 9 })),
    createChunk("IEND", Buffer.alloc(0)),
  ];
  return Buffer.concat([signature, ...chunks]);
}

writeFileSync(join(repositoryFolder, "electron", "icon", "icon.png"), encodePng());
