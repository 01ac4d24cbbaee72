import { crc32, deflateSync } from "node:zlib";

/** RGBA bytes, row after row from the top. */
export interface Bitmap {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly rgba: Uint8Array;
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** An image file: 8 bits a channel, color type 6 (RGBA), no filter. PNG specification, 3rd ed., sections 5 and 11. */
export function encodePng({ widthPx, heightPx, rgba }: Bitmap): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, widthPx);
  view.setUint32(4, heightPx);
  header.set([8, 6, 0, 0, 0], 8);
  // Each line starts with its filter type, 0.
  const lines = new Uint8Array(heightPx * (1 + widthPx * 4));
  for (let y = 0; y < heightPx; y++)
    lines.set(rgba.subarray(y * widthPx * 4, (y + 1) * widthPx * 4), y * (1 + widthPx * 4) + 1);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(lines)),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const typed = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(typed.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(typed, 4);
  framed.writeUInt32BE(crc32(typed), typed.length + 4);
  return framed;
}
