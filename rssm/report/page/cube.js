"use strict";
// Packed maps: the other half of rssm/report/packing.py. What Python packed comes out bit by bit.

const MISSING = 65535;

async function inflated(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// Numbers (step, cell), row by row.
async function unpacked(text, steps) {
  const planes = await inflated(text);
  const size = planes.length / 2;
  const cells = size / steps;
  const numbers = new Uint16Array(size);
  for (let i = 0; i < size; i++) {
    const small = planes[i] | (planes[size + i] << 8);
    const before = i >= cells ? numbers[i - cells] : i ? numbers[i - 1] : 0;
    numbers[i] = before + ((small >>> 1) ^ -(small & 1));
  }
  return numbers;
}

// Places of a mask that are set.
async function placesOf(text, size) {
  const bytes = await inflated(text);
  const places = [];
  for (let i = 0; i < size; i++) if (bytes[i >> 3] & (128 >> (i & 7))) places.push(i);
  return places;
}

// All steps of all years; a layer of a year is unpacked when it is first asked for.
class Cube {
  constructor(meta) {
    this.meta = meta;
    this.cells = meta.cells;
    this.steps = meta.years.flatMap((year, at) =>
      year.steps.map((label, k) => ({ label, start: year.starts[k], end: year.ends[k], year: at, at: k })));
    this.kept = new Map();
  }

  has(name) {
    return this.meta.layers.includes(name);
  }

  year(name, at) {
    const key = `${name}-${at}`;
    if (!this.kept.has(key)) {
      const { year, steps } = this.meta.years[at];
      const element = document.getElementById(`cube-${year}-${name}`);
      this.kept.set(key, unpacked(element.textContent, steps.length));
      element.textContent = "";
    }
    return this.kept.get(key);
  }

  // Numbers of all cells at a step.
  async map(name, step) {
    const { year, at } = this.steps[step];
    return (await this.year(name, year)).subarray(at * this.cells, (at + 1) * this.cells);
  }

  // Numbers of a cell at all steps.
  async series(name, cell) {
    const found = new Uint16Array(this.steps.length);
    let k = 0;
    for (let at = 0; at < this.meta.years.length; at++) {
      const numbers = await this.year(name, at);
      for (let i = cell; i < numbers.length; i += this.cells) found[k++] = numbers[i];
    }
    return found;
  }

  // A number of a real layer as a value, null where there is none.
  value(number) {
    return number === MISSING ? null : number * this.meta.step;
  }
}
