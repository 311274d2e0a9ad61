// What one panel draws: its canvas, its layers, its words.

Object.assign(Viewer.prototype, {
  async cell(kind) {
    const canvas = make("canvas");
    const overlay = make("div", { className: "marks" });
    const frame = make("div", { className: "frame" }, canvas, overlay);
    const title = make("div", { className: "title" });
    const box = make("div", { className: "panel" }, title, frame);
    box.dataset.kind = kind;
    const after = kinds(this.data).slice(kinds(this.data).indexOf(kind) + 1).map((next) => this.cells[next]?.box);
    this.fields.grid.insertBefore(box, after.find(Boolean) ?? null);
    frame.style.cssText = "width: 100px; height: 100px";
    const panel = await Panel.on(canvas);
    panel.onLocationChange = ({ mm }) => this.follow([...mm].slice(0, 3), panel);
    return { panel, frame, title, box, canvas, overlay };
  },

  async fill(kind) {
    const cell = this.cells[kind];
    const { panel } = cell;
    const colour = ground(kind, this.state, this.data);
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
    panel.paint(colour, this.state.crosshair && this.state.view !== "montage");
    cell.overlay.classList.toggle("bright", isBright(colour));
    panel.opts.isRadiologicalConvention = this.state.radiological;
    panel.opts.scrollRequiresFocus = this.state.view === "montage";
    panel.point(this.state.at);
    panel.updateGLVolume();
    this.mark(kind);
    const [name, more] = titleOf(kind, this.state, this.data);
    cell.title.replaceChildren(name, " ", make("span", { textContent: more }));
    cell.title.title = `${name}, ${more}`;
    cell.canvas.setAttribute("aria-label", `${name}, ${more}`);
  },

  mark(kind) {
    const cell = this.cells[kind];
    const { radiological, at } = this.state;
    const [found, follow] = marks(this.arrangement, { stamp: stampOf(kind, this.state, this.data), radiological });
    cell.overlay.replaceChildren(...found);
    cell.follow = follow;
    follow(at);
  },
});
