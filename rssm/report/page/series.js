"use strict";
// The series of a cell: values with their uncertainty, the truth where it is known, and flags as a strip below.

class Series {
  constructor(cube, place, choose) {
    this.cube = cube;
    this.place = place;
    this.choose = choose;
    this.step = 0;
    this.time = cube.steps.map(({ start, end }) => (Date.parse(start) + Date.parse(end)) / 2000);
    this.flagColours = new Map(cube.meta.flags.filter((flag) => flag.colour).map((flag) => [flag.bit, flag.colour]));
  }

  async load(cell) {
    const { cube } = this;
    const of = async (name) => (cube.has(name) ? cube.series(name, cell) : null);
    const [moisture, sigma, network, flags, truth] = await Promise.all(
      ["soil_moisture", "total_uncertainty", "network_used", "flags", "truth"].map(of));
    const values = (numbers) => Array.from(numbers, (number) => cube.value(number));
    this.moisture = values(moisture);
    this.sigma = values(sigma);
    this.truth = truth && values(truth);
    this.network = network;
    this.flags = flags;
    this.chart();
  }

  chart() {
    const edge = (sign) => this.moisture.map((value, k) =>
      value === null || this.sigma[k] === null ? null : value + sign * this.sigma[k]);
    const data = [this.time, edge(1), edge(-1), this.moisture, ...(this.truth ? [this.truth] : [])];
    if (this.plot) this.plot.destroy();
    this.plot = new uPlot(this.options(), data, this.place);
    this.plot.over.addEventListener("click", () => {
      if (this.plot.cursor.idx !== null && this.plot.cursor.idx !== undefined) this.choose(this.plot.cursor.idx);
    });
  }

  options() {
    const style = getComputedStyle(document.documentElement);
    const [ink, grid, ours, theirs, band] = ["--ink", "--line", "--ours", "--theirs", "--band"].map((name) =>
      style.getPropertyValue(name).trim());
    const said = (u, value) => (value === null || value === undefined ? "–" : value.toFixed(3));
    const label = (u, value, series, index) => (index === null || index === undefined ? "–" : this.cube.steps[index].label);
    const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 } };
    return {
      width: this.place.clientWidth,
      height: 280,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1e3), "Etc/UTC"),
      scales: { y: { range: (u, low, high) => [Math.min(0, low ?? 0), Math.max(high ?? 0.1, 0.1) * 1.05] } },
      axes: [axis, { ...axis, label: "m³ m⁻³", labelSize: 20, size: 56 }],
      series: [
        { label: "Period", value: label },
        { label: "+1 σ", stroke: "transparent", value: said, points: { show: false } },
        { label: "−1 σ", stroke: "transparent", value: said, points: { show: false } },
        { label: "Estimate", stroke: ours, width: 1.6, value: said, points: { show: this.time.length < 120 } },
        ...(this.truth ? [{ label: "Truth", stroke: theirs, width: 1.2, dash: [5, 3], value: said, points: { show: false } }] : []),
      ],
      bands: [{ series: [1, 2], fill: band }],
      hooks: { draw: [(u) => this.strip(u), (u) => this.mark(u, ink)] },
    };
  }

  // Flags of each step, along the bottom of the chart.
  strip(u) {
    const { left, top, width, height } = u.bbox;
    const high = 6 * (window.devicePixelRatio || 1);
    u.ctx.save();
    u.ctx.beginPath();
    u.ctx.rect(left, top, width, height);
    u.ctx.clip();
    for (let k = 0; k < this.time.length; k++) {
      const first = this.cube.meta.shown_flags.find((bit) => this.flags[k] & bit);
      if (!first) continue;
      const half = (this.time[Math.min(k + 1, this.time.length - 1)] - this.time[Math.max(k - 1, 0)]) / 4 || 5e5;
      const from = u.valToPos(this.time[k] - half, "x", true), to = u.valToPos(this.time[k] + half, "x", true);
      u.ctx.fillStyle = this.flagColours.get(first);
      u.ctx.fillRect(from, top + height - high, Math.max(to - from, 1), high);
    }
    u.ctx.restore();
  }

  // The step of the map.
  mark(u, ink) {
    const at = u.valToPos(this.time[this.step], "x", true);
    if (at < u.bbox.left || at > u.bbox.left + u.bbox.width) return;
    u.ctx.save();
    u.ctx.strokeStyle = ink;
    u.ctx.lineWidth = window.devicePixelRatio || 1;
    u.ctx.setLineDash([4, 4]);
    u.ctx.beginPath();
    u.ctx.moveTo(at, u.bbox.top);
    u.ctx.lineTo(at, u.bbox.top + u.bbox.height);
    u.ctx.stroke();
    u.ctx.restore();
  }

  at(step) {
    this.step = step;
    if (this.plot) this.plot.redraw(false);
  }

  // Rows of all values as texts: period, value, uncertainty, truth, network, flags.
  rows() {
    const text = (value) => (value === null ? "" : value.toFixed(4));
    return this.time.map((_, k) => [
      this.cube.steps[k].label, text(this.moisture[k]), text(this.sigma[k]),
      ...(this.truth ? [text(this.truth[k])] : []),
      this.cube.meta.networks[this.network[k]], flagNames(this.cube.meta, this.flags[k]).join("; "),
    ]);
  }

  heads() {
    return ["period", "soil moisture (m³ m⁻³)", "uncertainty (1 σ)", ...(this.truth ? ["truth"] : []), "network", "flags"];
  }
}

function flagNames(meta, bits) {
  return meta.flags.filter((flag) => bits & flag.bit).map((flag) => flag.name);
}
