// The three planes of one scan, their scrolling and their window.

function element(tag, given = {}, ...inside) {
  const made = Object.assign(document.createElement(tag), given);
  made.append(...inside);
  return made;
}

class Planes {
  constructor(root, data, volume) {
    this.data = data;
    this.volume = volume;
    this.high = Math.min(data.high, data.highest);
    this.crosshair = true;
    this.at = START_MM.map((mm, axis) => clamp((mm - data.first[axis]) / data.voxel, data.size[axis]));
    this.panels = Object.entries(PLANES).map(([name, plane]) => this.panel(name, plane));
    root.replaceChildren(element("div", { className: "planes" }, ...this.panels.map(({ frame }) => frame)), this.bar());
    this.onkey = (event) => this.key(event);
    document.addEventListener("keydown", this.onkey);
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(root);
    root.dataset.ready = data.key;
  }

  close() {
    document.removeEventListener("keydown", this.onkey);
    this.watch.disconnect();
  }

  panel(name, plane) {
    const canvas = element("canvas", { tabIndex: 0 });
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `PET, ${name} slice`);
    const where = element("span", { className: "where" });
    const marks = ["left", "right", "top", "bottom"].map((side, k) =>
      element("span", { className: side, textContent: plane.letters[k] }));
    const frame = element("div", { className: `frame ${name}` }, canvas, where, ...marks);
    frame.style.aspectRatio = `${this.data.size[plane.across]} / ${this.data.size[plane.down]}`;
    frame.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.step(plane.through, event.deltaY < 0 ? 1 : -1);
    }, { passive: false });
    const point = (event) => {
      const box = canvas.getBoundingClientRect();
      const shares = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
      this.go(voxelUnder(plane, this.data.size, this.at, ...shares));
    };
    canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); point(event); });
    canvas.addEventListener("pointermove", (event) => { if (event.buttons) point(event); });
    return { plane, canvas, where, frame };
  }

  bar() {
    const high = element("input", { type: "range", min: 1, max: this.data.highest, step: 0.01, value: this.high });
    const said = element("output");
    const say = () => { said.textContent = `0 to ${this.high.toFixed(2)} SUVR`; };
    high.oninput = () => {
      this.high = Number(high.value);
      say();
      this.draw();
    };
    say();
    const cross = element("input", { type: "checkbox", checked: true });
    cross.onchange = () => { this.crosshair = cross.checked; this.draw(); };
    const level = element("input", { type: "range", min: 0, max: this.data.size[2] - 1, step: 1 });
    level.oninput = () => this.go([this.at[0], this.at[1], Number(level.value)]);
    this.level = level;
    return element("div", { className: "bar" }, element("label", {}, "Axial slice ", level),
      element("label", {}, "Window ", high, said), element("label", {}, cross, " Crosshair"));
  }

  key(event) {
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const busy = event.composedPath()[0].closest?.("input, textarea, [role=slider], [role=listbox], [role=radiogroup]");
    if (!way || busy || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const own = this.panels.find(({ canvas }) => canvas === event.composedPath()[0]) ?? this.panels[0];
    this.step(own.plane.through, way);
  }

  step(axis, way) {
    const next = [...this.at];
    next[axis] = clamp(next[axis] + way, this.data.size[axis]);
    this.go(next);
  }

  go(at) {
    this.at = at;
    this.draw();
  }

  draw() {
    const full = (255 * this.high) / this.data.highest;
    const grey = Uint8Array.from({ length: 256 }, (_, level) => 255 - Math.min(255, Math.round((255 * level) / full)));
    this.level.value = this.at[2];
    for (const { plane, canvas, where } of this.panels) {
      const mm = this.data.first[plane.through] + this.at[plane.through] * this.data.voxel;
      where.textContent = `${"xyz"[plane.through]} = ${mm < 0 ? "−" : "+"}${Math.abs(mm)} mm`;
      paint(canvas, cut(this.volume, this.data.size, plane, this.at, grey),
        this.crosshair ? pointOf(plane, this.data.size, this.at) : null);
    }
  }
}

function paint(canvas, pixels, cross) {
  const density = window.devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * density), height = Math.round(canvas.clientHeight * density);
  if (!width || !height) return;
  Object.assign(canvas, { width, height });
  const small = new OffscreenCanvas(pixels.width, pixels.height);
  small.getContext("2d").putImageData(pixels, 0, 0);
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(small, 0, 0, width, height);
  if (!cross) return;
  const [x, y] = [cross[0] * width, cross[1] * height], gap = 9 * density;
  context.fillStyle = "#0072B2";
  for (const [from, to] of [[0, x - gap], [x + gap, width]]) context.fillRect(from, y, to - from, density);
  for (const [from, to] of [[0, y - gap], [y + gap, height]]) context.fillRect(x, from, density, to - from);
}
