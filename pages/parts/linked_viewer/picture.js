// The images in sight as one PNG file, with titles, stamps, position, scales and the notice.

const MARGIN = 12;
const LINE = 22;

function compose(viewer) {
  const cells = viewer.visible();
  const grid = viewer.fields.grid.getBoundingClientRect();
  const dpr = cells[0].panel.gl.canvas.width / cells[0].frame.clientWidth;
  const below = 2 + scales(viewer).length;
  const picture = make("canvas", {
    width: Math.max(900, grid.width + 2 * MARGIN) * dpr,
    height: (grid.height + 2 * MARGIN + below * LINE) * dpr,
  });
  const pen = picture.getContext("2d");
  pen.scale(dpr, dpr);
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, picture.width, picture.height);
  pen.fillStyle = "#111";
  pen.textBaseline = "top";
  for (const { panel, frame, title, overlay } of cells) {
    const { left, top, width, height } = frame.getBoundingClientRect();
    const [x, y] = [left - grid.left + MARGIN, top - grid.top + MARGIN];
    panel.drawScene();
    pen.font = "600 13px sans-serif";
    pen.fillText(title.textContent, x, y - TITLE_PX + 3, width);
    pen.drawImage(panel.gl.canvas, x, y, width, height);
    pen.strokeStyle = "#999";
    pen.strokeRect(x, y, width, height);
    for (const word of overlay.children) write(pen, word, grid);
  }
  caption(pen, viewer, grid.height + MARGIN + 8);
  return picture;
}

function write(pen, word, grid) {
  const { left, top } = word.getBoundingClientRect();
  const { color, font } = getComputedStyle(word);
  pen.save();
  pen.fillStyle = color;
  pen.font = font;
  pen.fillText(word.textContent, left - grid.left + MARGIN, top - grid.top + MARGIN + 1);
  pen.restore();
}

function caption(pen, viewer, top) {
  const { data, state } = viewer;
  const side = state.radiological ? "radiological convention (patient's right on the left)" : "neurological convention";
  pen.font = "13px sans-serif";
  pen.fillText([...viewer.fields.readout.children].map((part) => part.textContent).join("  ·  "), MARGIN, top);
  scales(viewer).forEach(([name, colours, low, high], row) => {
    const y = top + LINE * (row + 1);
    const ramp = pen.createLinearGradient(MARGIN + 310, 0, MARGIN + 460, 0);
    colours.forEach((colour, k) => ramp.addColorStop(k / (colours.length - 1), `rgb(${colour})`));
    pen.fillText(`${name}, ${low.toFixed(2)} to ${high.toFixed(2)}`, MARGIN, y);
    pen.save();
    pen.fillStyle = ramp;
    pen.fillRect(MARGIN + 310, y, 150, 12);
    pen.strokeRect(MARGIN + 310, y, 150, 12);
    pen.restore();
  });
  pen.font = "600 13px sans-serif";
  pen.fillText(`${data.notice}. Case ${data.code}, ${side}.`, MARGIN, top + LINE * (scales(viewer).length + 1));
}

function save(viewer) {
  const link = make("a", { download: `sub-${viewer.data.code}_desc-synthetic_view.png` });
  link.href = compose(viewer).toDataURL("image/png");
  link.click();
}
