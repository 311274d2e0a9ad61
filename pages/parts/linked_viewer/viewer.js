// The viewer: one state, several panels that follow it.

const KEYS = {
  ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, 1], ArrowDown: [1, -1], PageUp: [2, 1], PageDown: [2, -1],
};
const kept = new Map();

class Viewer {
  constructor(root, data) {
    this.root = root;
    this.data = data;
    const tracer = data.presets.some((preset) => preset.tracer === data.reference?.tracer)
      ? data.reference.tracer : data.tracer;
    const { colormap, high, tracer: preset } = data.presets.find((one) => one.tracer === tracer) ?? data.presets[0];
    this.state = kept.get(data.key) ?? {
      view: "planes", shown: new Set(kinds(data)), scenario: "median", preset, colormap, low: 0, high,
      radiological: true, crosshair: true, fusion: "synthetic", opacity: 0.7, spread: false, at: [...data.start], read: -1,
    };
    kept.set(data.key, this.state);
    this.cells = {};
    this.stale = new Set();
    Object.assign(this, { slow: false, drawn: 0, told: 0, frame: null });
    this.queue = Promise.resolve();
  }

  async open() {
    const find = (id) => this.root.querySelector(`#${id}`);
    addTables(this.data);
    this.volumes = await Volumes.of(this.data);
    find("bar").replaceChildren(...toolbar(this));
    Object.assign(this.fields, { grid: find("grid"), readout: find("readout"), rule: find("rule"), scales: find("scales") });
    find("steps").replaceChildren(...steps(this));
    this.fields.grid.onkeydown = (event) => this.key(event);
    this.watch = new ResizeObserver(() => this.resized());
    this.watch.observe(find("bar"));
    this.onresize = () => this.resized();
    window.addEventListener("resize", this.onresize);
    await this.refresh();
    this.move(this.state.at);
    this.nameStep();
    this.fields.grid.dataset.ready = "yes";
  }

  close() {
    this.watch?.disconnect();
    window.removeEventListener("resize", this.onresize);
    for (const { panel } of Object.values(this.cells)) {
      panel.cleanup();
      panel.gl.getExtension("WEBGL_lose_context")?.loseContext();
    }
    this.cells = {};
  }

  visible() {
    return kinds(this.data).filter((kind) => this.state.shown.has(kind)).map((kind) => this.cells[kind]).filter(Boolean);
  }

  set(change) {
    Object.assign(this.state, change);
    this.fields.preset.value = this.state.preset;
    this.fields.tables.value = this.state.colormap;
    this.fields.low.value = this.state.low;
    this.fields.high.value = this.state.high;
    this.queue = this.queue.then(() => this.refresh());
  }

  setPreset(tracer) {
    const preset = this.data.presets.find((one) => one.tracer === tracer);
    this.set(preset ? { preset: tracer, colormap: preset.colormap, low: 0, high: preset.high, read: -1 } : { preset: tracer });
    this.nameStep();
  }

  setWindow(low, high) {
    const valid = Number.isFinite(low) && Number.isFinite(high) && low >= 0 && high <= 5 && high >= low + 0.05;
    this.set(valid ? { low, high, preset: FREE } : {});
  }

  show(kind, on) {
    const shown = new Set(this.state.shown);
    if (on) shown.add(kind);
    else shown.delete(kind);
    this.set({ shown });
  }

  // Panels, layers, scales and words as the state says; voxels are only exchanged where another volume is shown.
  async refresh() {
    const { data, state } = this;
    this.volumes.subtract(state.scenario);
    for (const kind of kinds(data)) {
      const on = state.shown.has(kind);
      if (on && !this.cells[kind]) this.cells[kind] = await this.cell(kind);
      if (this.cells[kind]) this.cells[kind].box.hidden = !on;
    }
    this.place();
    for (const kind of kinds(data)) if (state.shown.has(kind)) await this.fill(kind);
    this.fields.rule.textContent = ruleOf(state, data);
    this.fields.scales.replaceChildren(...drawScales(this));
    this.read();
  }

  place() {
    const cells = this.visible();
    if (!cells.length) return;
    const width = this.fields.rule.clientWidth || this.root.host?.clientWidth || 800;
    const room = { width, height: Math.max(400, window.innerHeight - 250) };
    const found = arrange(this.data.box, this.state.view, cells.length, room);
    this.arrangement = found;
    this.fields.grid.style.gridTemplateColumns = `repeat(${found.columns}, ${found.width + 2}px)`;
    for (const { panel, frame, box } of cells) {
      box.style.width = `${found.width + 2}px`;
      frame.style.cssText = `width: ${found.width + 2}px; height: ${found.height + 2}px`;
      panel.lay(found);
      panel.resizeListener();
    }
    this.laid = [width, window.innerHeight];
  }

  resized() {
    const width = this.fields.rule.clientWidth;
    if (!this.laid || (this.laid[0] === width && this.laid[1] === window.innerHeight)) return;
    this.place();
    for (const kind of kinds(this.data)) if (this.state.shown.has(kind) && this.cells[kind]) this.mark(kind);
  }
}
