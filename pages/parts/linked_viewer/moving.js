// How the crosshair moves: every panel and the words follow, with no word to the server.

const [QUICK_MS, SLOW_MS, WORDS_MS, PAUSE_MS] = [14, 28, 100, 400];

Object.assign(Viewer.prototype, {
  // A panel has moved its own crosshair: to whole voxels, and all follow.
  follow(mm, source) {
    if (!this.fields.grid.dataset.ready) return;
    const near = mm.map((value) => 2 * Math.round(value / 2));
    if (near.every((value, axis) => value === this.state.at[axis])) return;
    this.move(near, source);
  },

  // `source` is a panel that has already drawn itself there.
  move(mm, source = null) {
    this.source = source;
    this.state.at = mm.map((value, axis) => Math.min(this.data.box[axis][1], Math.max(this.data.box[axis][0], value)));
    for (const cell of this.visible()) this.stale.add(cell);
    this.frame ??= requestAnimationFrame((now) => this.draw(now));
  },

  // Without a graphics card a frame takes long: the panels then follow in two turns, the longest unmoved first, and the
  // words less often. None stays behind.
  draw(now) {
    const took = now - this.drawn;
    this.drawn = now;
    if (took > SLOW_MS && took < PAUSE_MS) this.slow = true;
    else if (took < QUICK_MS || took > PAUSE_MS) this.slow = false;
    const shown = new Set(this.visible());
    let left = this.slow ? Math.ceil(shown.size / 2) : shown.size;
    for (const cell of [...this.stale]) {
      const { panel, follow } = cell;
      if (shown.has(cell)) {
        if (panel !== this.source && left-- <= 0) continue;
        follow?.(this.state.at);
        panel.point(this.state.at);
        if (panel !== this.source) panel.drawScene();
      }
      this.stale.delete(cell);
    }
    if (!this.slow || !this.stale.size || now - this.told > WORDS_MS) {
      this.told = now;
      this.read();
    }
    this.frame = this.stale.size ? requestAnimationFrame((next) => this.draw(next)) : null;
  },

  read() {
    readout(this);
    this.fields.axes.forEach((field, axis) => (field.value = this.state.at[axis]));
  },

  key(event) {
    const [axis, way] = KEYS[event.key] ?? [];
    if (axis === undefined) return;
    event.preventDefault();
    const mirrored = axis === 0 && this.state.radiological ? -1 : 1;
    const length = event.shiftKey ? 10 : 2;
    this.move(this.state.at.map((value, k) => (k === axis ? value + way * mirrored * length : value)));
  },

  go(name) {
    this.move(this.data.places[name]);
  },

  order() {
    const chosen = this.data.presets.find(({ tracer }) => tracer === this.state.preset) ?? this.data.presets[0];
    return chosen.order;
  },

  step(way) {
    const order = this.order();
    this.state.read = Math.min(order.length - 1, Math.max(0, this.state.read + way));
    this.go(order[this.state.read]);
    this.nameStep();
  },

  nameStep() {
    const order = this.order();
    const { read } = this.state;
    this.fields.name.textContent = read < 0 ? `${order.length} places` : `${read + 1} of ${order.length}: ${order[read]}`;
    this.fields.back.disabled = read <= 0;
    this.fields.next.disabled = read >= order.length - 1;
  },
});
