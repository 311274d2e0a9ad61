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
    const { colormap, high } = data.presets.find((preset) => preset.tracer === tracer);
    this.state = kept.get(data.key) ?? {
      view: "planes", shown: new Set(kinds(data)), scenario: "median", preset: tracer, colormap, low: 0, high,
      radiological: true, crosshair: true, fusion: "synthetic", opacity: 0.7, spread: false, at: [...data.start], read: -1,
    };
    kept.set(data.key, this.state);
    this.cells = {};
    this.queue = Promise.resolve();
    this.pace = new Pace(() => this.visible().map(({ panel }) => panel));
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

  async cell(kind) {
    const canvas = make("canvas");
    const frame = make("div", { className: "frame" }, canvas);
    const title = make("div", { className: "title" });
    const box = make("div", { className: "panel" }, title, frame);
    box.dataset.kind = kind;
    const after = kinds(this.data).slice(kinds(this.data).indexOf(kind) + 1).map((next) => this.cells[next]?.box);
    this.fields.grid.insertBefore(box, after.find(Boolean) ?? null);
    frame.style.cssText = "width: 100px; height: 100px";
    const panel = await Panel.on(canvas);
    panel.onLocationChange = ({ mm }) => this.follow([...mm].slice(0, 3), panel);
    return { panel, frame, title, box, canvas, of: [] };
  }

  async fill(kind) {
    const cell = this.cells[kind];
    const { panel } = cell;
    const wanted = layers(kind, this.state, this.data);
    for (const [k, { of, look }] of wanted.entries()) {
      const image = panel.volumes[k];
      if (!image) {
        panel.addVolume(await this.volumes.layer(of, look));
      } else {
        image.img = this.volumes.voxels(of);
        this.volumes.look(image, look);
      }
    }
    panel.paint(ground(kind, this.state, this.data), this.state.crosshair && this.state.view !== "montage");
    panel.stamp = stampOf(kind, this.state, this.data);
    panel.opts.isRadiologicalConvention = this.state.radiological;
    panel.opts.isOrientationTextVisible = this.state.view !== "montage";
    panel.opts.scrollRequiresFocus = this.state.view === "montage";
    panel.point(this.state.at);
    panel.updateGLVolume();
    const [name, more] = titleOf(kind, this.state, this.data);
    cell.title.replaceChildren(name, " ", make("span", { textContent: more }));
    cell.title.title = `${name}, ${more}`;
    cell.canvas.setAttribute("aria-label", `${name}, ${more}`);
  }

  place() {
    const cells = this.visible();
    if (!cells.length) return;
    const width = this.fields.rule.clientWidth || this.root.host?.clientWidth || 800;
    const room = { width, height: Math.max(400, window.innerHeight - 250) };
    const found = arrange(this.data.box, this.state.view, cells.length, room);
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
  }
}
