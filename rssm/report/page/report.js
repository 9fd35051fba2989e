"use strict";
// Ties slider, keys, map and series together. Errors are written where a test finds them.

window.addEventListener("error", (event) => (document.documentElement.dataset.error = event.message));
window.addEventListener("unhandledrejection", (event) => (document.documentElement.dataset.error = String(event.reason)));

const byId = (id) => document.getElementById(id);

class Page {
  constructor(meta, places) {
    this.meta = meta;
    this.cube = new Cube(meta);
    this.map = new MapView(this.cube, places, byId("map"));
    this.series = new Series(this.cube, byId("series"), (step) => this.goTo(step));
    this.layer = "soil_moisture";
    this.cell = this.map.nearest(Math.floor(meta.shape[0] / 2), Math.floor(meta.shape[1] / 2));
    if (this.cell < 0) this.cell = Math.floor(places.length / 2);
    this.step = this.first();
  }

  // The middle of the last year: a step that shows something.
  first() {
    const { steps } = this.cube;
    const last = this.meta.years[this.meta.years.length - 1].steps.length;
    return steps.length - 1 - Math.floor(last / 2);
  }

  listen() {
    const slider = byId("step");
    slider.max = this.cube.steps.length - 1;
    slider.addEventListener("input", () => this.goTo(Number(slider.value)));
    const layers = Object.keys(LAYERS).filter((name) => this.shows(name));
    byId("layer").replaceChildren(...layers.map((name) => new Option(LAYERS[name].name, name)));
    byId("layer").addEventListener("change", (event) => { this.layer = event.target.value; this.redraw(); });
    byId("before").addEventListener("click", () => this.goTo(this.step - 1));
    byId("after").addEventListener("click", () => this.goTo(this.step + 1));
    byId("play").addEventListener("click", () => this.play());
    byId("nearer").addEventListener("click", () => this.zoom(2));
    byId("farther").addEventListener("click", () => this.zoom(0.5));
    byId("values").addEventListener("toggle", () => this.table());
    byId("save").addEventListener("click", () => this.save());
    this.map.canvas.addEventListener("click", (event) => this.choose(this.map.under(event)));
    this.map.canvas.addEventListener("keydown", (event) => this.onMap(event));
    document.addEventListener("keydown", (event) => this.anywhere(event));
    let waiting;
    window.addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(() => this.resize(), 120); });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.resize());
  }

  shows(layer) {
    return layer === "error" ? this.cube.has("truth") : this.cube.has(layer);
  }

  onMap(event) {
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (moves[event.key]) this.choose(this.map.beyond(this.cell, ...moves[event.key]));
    else if (event.key === "PageUp") this.goTo(this.step - 1);
    else if (event.key === "PageDown") this.goTo(this.step + 1);
    else if (event.key === "+") this.zoom(2);
    else if (event.key === "-") this.zoom(0.5);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // Left and right page through time, unless something else has use for them.
  anywhere(event) {
    const busy = event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, select, summary, .scroll");
    if (busy || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
    this.goTo(this.step + (event.key === "ArrowLeft" ? -1 : 1));
    event.preventDefault();
  }

  async goTo(step) {
    this.step = (step + this.cube.steps.length) % this.cube.steps.length;
    byId("step").value = this.step;
    this.series.at(this.step);
    await this.redraw();
  }

  async redraw() {
    const { label, start, end } = this.cube.steps[this.step];
    byId("step").setAttribute("aria-valuetext", `${label}, ${start} to ${end}`);
    byId("when").textContent = `${label} · ${start} to ${end}`;
    const drawn = [this.layer, this.step];
    const count = await this.map.draw(this.layer, this.step, this.cell);
    if (drawn[0] === this.layer && drawn[1] === this.step) this.legend(count);
    if (this.series.moisture) this.tell();
  }

  legend(count) {
    const { ramp } = LAYERS[this.layer];
    const swatch = (colour, text) => {
      const item = document.createElement("li"), box = document.createElement("span");
      box.className = "swatch";
      box.style.background = colour;
      item.append(box, text);
      return item;
    };
    const share = (n) => { const p = (100 * n) / this.cube.cells; return p >= 1 ? `${Math.round(p)} %` : "< 1 %"; };
    const grey = [swatch(EMPTY, "no value"), swatch(HIDDEN, "snow or ice")];
    byId("ramp").hidden = !ramp;
    if (ramp) {
      const [low, high] = this.map.limits(this.layer);
      byId("bar").style.background = `linear-gradient(to right, ${this.meta.ramps[ramp].join(",")})`;
      byId("low").textContent = String(low);
      byId("middle").textContent = String(Math.round(((low + high) / 2) * 1e4) / 1e4);
      byId("high").textContent = `${Math.round(high * 1e4) / 1e4} m³ m⁻³`;
      byId("codes").replaceChildren(...grey);
    } else if (this.layer === "flags") {
      const set = this.meta.flags.filter((flag) => count.has(flag.bit));
      const said = (flag) => `${flag.name}: ${share(count.get(flag.bit))}${flag.colour ? "" : " (not drawn)"}`;
      const named = set.map((flag) => swatch(flag.colour || "transparent", said(flag)));
      byId("codes").replaceChildren(...named, swatch(PLAIN, "none of these"), grey[0]);
    } else {
      const codes = [...count.keys()].sort((a, b) => count.get(b) - count.get(a));
      const known = codes.filter((code) => this.map.rank.has(code));
      const others = codes.filter((code) => !this.map.rank.has(code)).reduce((sum, code) => sum + count.get(code), 0);
      const colour = (code) => this.meta.network_colours[this.map.rank.get(code)];
      const named = known.map((code) => swatch(colour(code), `${this.meta.networks[code]}: ${share(count.get(code))}`));
      if (others) named.push(swatch(OTHERS, `other networks: ${share(others)}`));
      byId("codes").replaceChildren(...named, swatch(PLAIN, "filled"), ...grey);
    }
  }

  async choose(cell) {
    if (cell < 0) return;
    this.cell = cell;
    this.map.chosen = cell;
    this.map.paint();
    await this.series.load(cell);
    this.series.at(this.step);
    this.tell();
    this.table();
  }

  // What is known of the chosen cell at this step.
  tell() {
    const { series, meta, step } = this;
    const [lat, lon] = this.map.where(this.cell);
    const [north, east] = [lat, lon].map((at) => Math.round(at * 1000) / 1000);
    const value = series.moisture[step], sigma = series.sigma[step];
    const network = meta.networks[series.network[step]];
    const names = flagNames(meta, series.flags[step]);
    byId("pixel").textContent = `${degrees(north, "NS")}, ${degrees(east, "EW")}`;
    const known = value === null ? "no value" : `${value.toFixed(3)}${sigma === null ? "" : ` ± ${sigma.toFixed(3)}`} m³ m⁻³`;
    const truth = series.truth && series.truth[step] !== null ? [["Truth", `${series.truth[step].toFixed(3)} m³ m⁻³`]] : [];
    const takes = meta.takes[network];
    const facts = [
      ["Period", this.cube.steps[step].label], ["Soil moisture", known], ...truth,
      ["Flags", names.length ? names.join(", ") : "none"],
      ...(meta.networks.length > 1 ? [["Network", series.network[step] ? network : "none"]] : []),
      ...(takes ? [["Products it takes", takes.join(", ")]] : []),
      ["The way back to native files", `rssm trace ${east} ${north} ${this.cube.steps[step].label} FILE, the configuration of the run`],
    ];
    byId("facts").replaceChildren(...facts.flatMap(([name, text]) => {
      const term = document.createElement("dt"), about = document.createElement("dd");
      term.textContent = name;
      about.textContent = text;
      return [term, about];
    }));
    byId("spoken").textContent = `${this.cube.steps[step].label}, ${byId("pixel").textContent}: ${known}; ${names.join(", ")}`;
    this.weights(lat, lon);
  }

  // Matched products of the zone, where fusion published what they weigh.
  async weights(lat, lon) {
    const { zones } = this.meta;
    if (!zones) return;
    const [south, west] = [Math.floor(lat), Math.floor(lon)];
    const at = zones.south.findIndex((value, k) => value === south && zones.west[k] === west);
    byId("fused").hidden = at < 0;
    if (at < 0) return;
    const [weight, error] = await Promise.all(["weight", "error"].map((name) =>
      (this.zoned ||= {})[name] ||= unpacked(zones[name], zones.products.length)));
    const rows = zones.products.map((name, k) => [name, weight[k * zones.south.length + at], error[k * zones.south.length + at]])
      .filter((row) => row[1] !== MISSING && row[1] > 0).sort((a, b) => b[1] - a[1])
      .map(([name, share, sd]) => [name, `${(share / 10).toFixed(1)} %`, sd === MISSING ? "–" : (sd / 1e4).toFixed(3)]);
    fill(byId("weights"), ["product", "weight", "error, m³ m⁻³"], rows);
  }

  table() {
    if (byId("values").open) fill(byId("all"), this.series.heads(), this.series.rows());
  }

  save() {
    const quoted = (cell) => (/[",;]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
    const text = [this.series.heads(), ...this.series.rows()].map((row) => row.map(quoted).join(",")).join("\n");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text + "\n"], { type: "text/csv" }));
    link.download = `series_${byId("pixel").textContent.replace(/[°, ]+/g, "")}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  play() {
    const button = byId("play");
    const playing = button.getAttribute("aria-pressed") === "true";
    button.setAttribute("aria-pressed", String(!playing));
    button.textContent = playing ? "Play" : "Stop";
    clearTimeout(this.timer);
    const next = async () => {
      await this.goTo(this.step + 1);
      if (button.getAttribute("aria-pressed") === "true") this.timer = setTimeout(next, 200);
    };
    if (!playing) this.timer = setTimeout(next, 200);
  }

  zoom(by) {
    this.map.zoom = Math.max(1, Math.min(32, this.map.zoom * by));
    this.map.paint();
  }

  resize() {
    this.map.paint();
    if (this.series.moisture) this.series.chart();
  }
}

function fill(table, heads, rows) {
  const row = (cells, tag) => {
    const line = document.createElement("tr");
    for (const text of cells) {
      const cell = document.createElement(tag);
      cell.textContent = text;
      if (tag === "th") cell.scope = "col";
      line.append(cell);
    }
    return line;
  };
  const head = document.createElement("thead"), body = document.createElement("tbody");
  head.append(row(heads, "th"));
  body.append(...rows.map((cells) => row(cells, "td")));
  table.replaceChildren(head, body);
}

async function begin() {
  if (!("DecompressionStream" in window)) {
    byId("spoken").textContent = "This browser is too old to unpack the maps; everything else on this page is complete.";
    byId("spoken").className = "";
    return;
  }
  const meta = JSON.parse(byId("meta").textContent);
  const page = new Page(meta, await placesOf(meta.mask, meta.shape[0] * meta.shape[1]));
  window.report = page;
  page.listen();
  await page.goTo(page.step);
  document.documentElement.dataset.drawn = Math.round(performance.now());
  await new Promise((done) => setTimeout(done, 0)); // the map first, then what takes longer
  await page.choose(page.cell);
  document.documentElement.dataset.ready = Math.round(performance.now());
}

for (const button of document.querySelectorAll(".enlarge"))
  button.addEventListener("click", () => {
    const wide = button.closest("figure").classList.toggle("wide");
    button.setAttribute("aria-pressed", String(wide));
  });

if (byId("map")) begin();
