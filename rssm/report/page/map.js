"use strict";
// The map: one layer at one step, drawn on a canvas; a cell of it is chosen by pointer or keys.

const LAYERS = {
  soil_moisture: { name: "Soil moisture", ramp: "moisture" },
  total_uncertainty: { name: "Uncertainty (1 σ)", ramp: "sigma" },
  network_used: { name: "Network" },
  flags: { name: "Flags" },
  truth: { name: "Truth (toy Earth)", ramp: "moisture" },
  error: { name: "Error: estimate − truth", ramp: "error" },
};
const EMPTY = "#bdbdbd", HIDDEN = "#ffffff", PLAIN = "#f4f1ea", OTHERS = "#8a8a8a";
const STRONGEST = 0.15; // m³ m⁻³, end of the colours of errors

function packedColour(hex) {
  const n = parseInt(hex.slice(1), 16);
  return (255 << 24) | ((n & 255) << 16) | (n & 0xff00) | (n >> 16);
}

class MapView {
  constructor(cube, places, canvas) {
    this.cube = cube;
    this.meta = cube.meta;
    [this.rows, this.columns] = cube.meta.shape;
    this.places = places;
    this.cellAt = new Int32Array(this.rows * this.columns).fill(-1);
    places.forEach((place, cell) => (this.cellAt[place] = cell));
    this.canvas = canvas;
    this.small = document.createElement("canvas");
    [this.small.width, this.small.height] = [this.columns, this.rows];
    this.zoom = 1;
    this.rank = new Map(this.meta.ranked.map((code, k) => [code, k]));
    const { lat, lon } = this.meta;
    const height = lat[0] - lat[lat.length - 1];
    const width = lon[lon.length - 1] - lon[0];
    const middle = (lat[0] + lat[lat.length - 1]) / 2;
    // a region is drawn as wide as it is there
    this.shape = (width * (height < 60 ? Math.cos((middle * Math.PI) / 180) : 1)) / height;
  }

  // Colour of every cell, and how many cells have each code.
  async colours(layer, step) {
    const out = new Uint32Array(this.cube.cells);
    const flags = await this.cube.map("flags", step);
    const numbers = await this.cube.map(layer === "error" ? "soil_moisture" : layer, step);
    const count = new Map();
    if (LAYERS[layer].ramp) {
      const truth = layer === "error" ? await this.cube.map("truth", step) : null;
      this.ramp(out, layer, numbers, truth, flags);
      return { out, count };
    }
    const moisture = await this.cube.map("soil_moisture", step);
    for (let i = 0; i < out.length; i++) {
      const code = numbers[i];
      let colour = moisture[i] === MISSING ? EMPTY : PLAIN;
      if (layer === "flags") {
        for (const flag of this.meta.flags) if (code & flag.bit) count.set(flag.bit, (count.get(flag.bit) || 0) + 1);
        const first = this.meta.shown_flags.find((bit) => code & bit);
        if (first) colour = this.meta.flags.find((flag) => flag.bit === first).colour;
      } else if (code) {
        count.set(code, (count.get(code) || 0) + 1);
        colour = this.rank.has(code) ? this.meta.network_colours[this.rank.get(code)] : OTHERS;
      } else if (flags[i] & this.meta.hidden) colour = HIDDEN;
      out[i] = packedColour(colour);
    }
    return { out, count };
  }

  ramp(out, layer, numbers, truth, flags) {
    const shades = this.meta.ramps[LAYERS[layer].ramp].map(packedColour);
    const [low, high] = this.limits(layer);
    const last = shades.length - 1;
    const [empty, hidden] = [EMPTY, HIDDEN].map(packedColour);
    for (let i = 0; i < out.length; i++) {
      if (numbers[i] === MISSING || (truth && truth[i] === MISSING)) {
        out[i] = flags[i] & this.meta.hidden ? hidden : empty;
        continue;
      }
      const value = (numbers[i] - (truth ? truth[i] : 0)) * this.meta.step;
      const k = Math.round(((value - low) / (high - low)) * last);
      out[i] = shades[Math.max(0, Math.min(last, k))];
    }
  }

  limits(layer) {
    if (layer === "error") return [-STRONGEST, STRONGEST];
    return [0, this.meta.highest[layer === "truth" ? "soil_moisture" : layer]];
  }

  async draw(layer, step, chosen) {
    const { out, count } = await this.colours(layer, step);
    const image = new ImageData(this.columns, this.rows);
    const pixels = new Uint32Array(image.data.buffer);
    this.places.forEach((place, cell) => (pixels[place] = out[cell]));
    this.small.getContext("2d").putImageData(image, 0, 0);
    this.chosen = chosen;
    this.paint();
    return count;
  }

  // Part of the map that is seen: column, row, width, height.
  view() {
    const width = this.columns / this.zoom, height = this.rows / this.zoom;
    const place = this.places[this.chosen] || 0;
    const fit = (at, size, all) => Math.max(0, Math.min(all - size, at + 0.5 - size / 2));
    const column = place % this.columns, row = Math.floor(place / this.columns);
    return [fit(column, width, this.columns), fit(row, height, this.rows), width, height];
  }

  paint() {
    const style = getComputedStyle(document.documentElement);
    const ratio = window.devicePixelRatio || 1;
    this.canvas.closest(".beside").classList.toggle("wide", this.shape > 1.6);
    const across = this.canvas.parentElement.clientWidth;
    const wide = Math.min(across, Math.max(200, Math.min(540, window.innerHeight * 0.7)) * this.shape);
    this.canvas.style.width = `${Math.floor(wide)}px`;
    this.canvas.style.height = `${Math.floor(wide / this.shape)}px`;
    this.canvas.width = Math.round(wide * ratio);
    this.canvas.height = Math.round((wide / this.shape) * ratio);
    const context = this.canvas.getContext("2d");
    const [x, y, width, height] = this.view();
    const sx = this.canvas.width / width, sy = this.canvas.height / height;
    context.fillStyle = style.getPropertyValue("--sea");
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.small, x, y, width, height, 0, 0, this.canvas.width, this.canvas.height);
    this.graticule(context, ratio);
    const place = this.places[this.chosen];
    if (place === undefined) return;
    const left = (place % this.columns - x) * sx, top = (Math.floor(place / this.columns) - y) * sy;
    for (const [colour, line] of [["#ffffff", 4], ["#111111", 2]]) {
      context.strokeStyle = colour;
      context.lineWidth = line * ratio;
      const least = 6 * ratio; // a cell of a large map is smaller than a finger
      const w = Math.max(sx, least), h = Math.max(sy, least);
      context.strokeRect(left + sx / 2 - w / 2, top + sy / 2 - h / 2, w, h);
    }
  }

  graticule(context, ratio) {
    const [x, y, width, height] = this.view();
    const { lat, lon } = this.meta;
    const span = Math.max(lon[lon.length - 1] - lon[0], lat[0] - lat[lat.length - 1]) / this.zoom;
    const gap = [0.2, 0.5, 1, 2, 5, 10, 15, 30, 60].find((step) => span / step <= 6.5) || 90;
    context.font = `${11 * ratio}px system-ui, sans-serif`;
    const write = (text, x, y) => { // dark on light, whatever lies below
      [context.strokeStyle, context.lineWidth, context.lineJoin] = ["rgba(255, 255, 255, 0.8)", 3 * ratio, "round"];
      context.strokeText(text, x, y);
      context.fillStyle = "#1d2429";
      context.fillText(text, x, y);
    };
    const lines = (edges, from, size, pixels, draw) => {
      const along = (value) => { // edges ascend or descend; rows of equal-area grids are not equally high
        let k = edges.findIndex((edge, i) => i + 1 < edges.length && (edge - value) * (edges[i + 1] - value) <= 0);
        return k < 0 ? -1 : ((k + (value - edges[k]) / (edges[k + 1] - edges[k]) - from) / size) * pixels;
      };
      const [low, high] = [Math.min(edges[0], edges[edges.length - 1]), Math.max(edges[0], edges[edges.length - 1])];
      for (let k = Math.ceil(low / gap); k * gap <= high; k++) {
        const at = along(k * gap);
        if (at > 1 && at < pixels - 1) draw(at, Math.round(k * gap * 10) / 10);
      }
    };
    const { width: w, height: h } = this.canvas;
    const line = (...ends) => {
      [context.strokeStyle, context.lineWidth] = ["rgba(90, 90, 90, 0.35)", ratio];
      context.beginPath(); context.moveTo(ends[0], ends[1]); context.lineTo(ends[2], ends[3]);
      context.stroke();
    };
    lines(lon, x, width, w, (at, value) => { line(at, 0, at, h); write(degrees(value, "EW"), at + 3 * ratio, h - 4 * ratio); });
    lines(lat, y, height, h, (at, value) => { line(0, at, w, at); write(degrees(value, "NS"), 3 * ratio, at - 3 * ratio); });
  }

  // Land cell below a pointer, or nothing.
  under(event) {
    const box = this.canvas.getBoundingClientRect();
    const [x, y, width, height] = this.view();
    const column = Math.floor(x + ((event.clientX - box.left) / box.width) * width);
    const row = Math.floor(y + ((event.clientY - box.top) / box.height) * height);
    return this.nearest(row, column);
  }

  // The land cell at a place, or the nearest within two cells.
  nearest(row, column) {
    for (let reach = 0; reach <= 2; reach++)
      for (let r = row - reach; r <= row + reach; r++)
        for (let c = column - reach; c <= column + reach; c++) {
          const inside = r >= 0 && r < this.rows && c >= 0 && c < this.columns;
          if (inside && this.cellAt[r * this.columns + c] >= 0) return this.cellAt[r * this.columns + c];
        }
    return -1;
  }

  // The next land cell in a direction, across the sea too.
  beyond(cell, down, right) {
    let row = Math.floor(this.places[cell] / this.columns) + down;
    let column = (this.places[cell] % this.columns) + right;
    for (; row >= 0 && row < this.rows && column >= 0 && column < this.columns; row += down, column += right) {
      const found = this.cellAt[row * this.columns + column];
      if (found >= 0) return found;
    }
    return cell;
  }

  // Middle of a cell: latitude, longitude.
  where(cell) {
    const { lat, lon } = this.meta;
    const row = Math.floor(this.places[cell] / this.columns), column = this.places[cell] % this.columns;
    const east = (lon[column] + lon[column + 1]) / 2;
    return [(lat[row] + lat[row + 1]) / 2, ((((east + 180) % 360) + 360) % 360) - 180];
  }
}

function degrees(value, letters) {
  const at = letters === "EW" ? ((((value + 180) % 360) + 360) % 360) - 180 : value;
  const shown = Math.round(Math.abs(at) * 1000) / 1000;
  return shown ? `${shown}° ${letters[at > 0 ? 0 : 1]}` : "0°";
}
