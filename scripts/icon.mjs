#!/usr/bin/env node
// Draws assets/icon.png: a row of mask bits under a magnifying glass. Every pixel is the average of 4 x 4 samples.
import { mkdirSync, writeFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';

const SIZE = 256;
const SAMPLES = 4;

const INK = [22, 33, 58];
const UNSET = [62, 80, 120];
const SET = [255, 179, 71];
const RIM = [226, 236, 255];
const GLASS = [36, 56, 100];
const BRIGHT = [255, 205, 120];
const DIM = [104, 132, 188];

const GLASS_CENTRE = [112, 112];
const GLASS_RADIUS = 66;
const RIM_WIDTH = 12;
const ZOOM = 2.1;
const CELL = 26;
/** One letter per bit: which cells of the grid are set. */
const BITS = [
  '1011010011',
  '0110011010',
  '1100101101',
  '0011010110',
  '1010110010',
  '0101101101',
  '1101001011',
  '0010110100',
  '1001011010',
  '0110100101',
];

/** @returns {number[] | undefined} colour at a point, undefined: transparent */
function colourAt(x, y) {
  if (!insideRoundedSquare(x, y)) return undefined;
  const distance = Math.hypot(x - GLASS_CENTRE[0], y - GLASS_CENTRE[1]);
  if (distance < GLASS_RADIUS) {
    const bit = bitAt((x - GLASS_CENTRE[0]) / ZOOM + GLASS_CENTRE[0], (y - GLASS_CENTRE[1]) / ZOOM + GLASS_CENTRE[1]);
    return bit === undefined ? GLASS : bit ? BRIGHT : DIM;
  }
  if (distance < GLASS_RADIUS + RIM_WIDTH || onHandle(x, y)) return RIM;
  const bit = bitAt(x, y);
  return bit === undefined ? INK : bit ? mix(SET, INK, 0.45) : mix(UNSET, INK, 0.45);
}

function insideRoundedSquare(x, y) {
  const radius = 48;
  const dx = Math.max(radius - x, x - (SIZE - radius), 0);
  const dy = Math.max(radius - y, y - (SIZE - radius), 0);
  return Math.hypot(dx, dy) <= radius;
}

function onHandle(x, y) {
  const along = (x - GLASS_CENTRE[0] + (y - GLASS_CENTRE[1])) / Math.SQRT2;
  const across = Math.abs(x - y - (GLASS_CENTRE[0] - GLASS_CENTRE[1])) / Math.SQRT2;
  return along > GLASS_RADIUS && along < GLASS_RADIUS + 88 && across < 12;
}

function bitAt(x, y) {
  const column = Math.floor(x / CELL);
  const row = Math.floor(y / CELL);
  const gap = 4;
  if (x - column * CELL < gap || y - row * CELL < gap) return undefined;
  return BITS[row]?.[column] === '1';
}

function mix(a, b, share) {
  return a.map((value, i) => value * share + b[i] * (1 - share));
}

function pixel(column, row) {
  const sum = [0, 0, 0];
  let covered = 0;
  for (let i = 0; i < SAMPLES * SAMPLES; i++) {
    const colour = colourAt(column + ((i % SAMPLES) + 0.5) / SAMPLES, row + (Math.floor(i / SAMPLES) + 0.5) / SAMPLES);
    if (colour === undefined) continue;
    covered++;
    for (let channel = 0; channel < 3; channel++) sum[channel] += colour[channel];
  }
  return covered === 0 ? [0, 0, 0, 0] : [...sum.map((value) => Math.round(value / covered)), Math.round((covered * 255) / SAMPLES ** 2)];
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

const header = Buffer.alloc(13);
header.writeUInt32BE(SIZE, 0);
header.writeUInt32BE(SIZE, 4);
header.set([8, 6, 0, 0, 0], 8); // 8 bits a channel, RGBA
const rows = Array.from({ length: SIZE }, (_, row) => [0, ...Array.from({ length: SIZE }, (_, column) => pixel(column, row)).flat()]);
const png = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  chunk('IHDR', header),
  chunk('IDAT', deflateSync(Buffer.from(rows.flat()), { level: 9 })),
  chunk('IEND', Buffer.alloc(0)),
]);
mkdirSync('assets', { recursive: true });
writeFileSync('assets/icon.png', png);
