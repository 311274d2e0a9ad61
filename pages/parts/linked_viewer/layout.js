// Where panels and their slices lie, so that the slices are as large as the window allows.

const AXES = { axial: [0, 1, 2], coronal: [0, 2, 1], sagittal: [1, 2, 0] };
const TITLE_PX = 22;
const GAP_PX = 6;

function spanOf(box, plane) {
  const length = box.map(([low, high]) => high - low + 2);
  return AXES[plane].slice(0, 2).map((axis) => length[axis]);
}

// Slices beside one another (`across` of them in a row), in millimetres.
function tiled(box, slices, across) {
  const tiles = [];
  let top = 0, width = 0;
  for (let start = 0; start < slices.length; start += across) {
    const row = slices.slice(start, start + across);
    const sizes = row.map(({ plane }) => spanOf(box, plane));
    let left = 0;
    row.forEach((slice, k) => {
      const ends = { first: k === 0, last: k === row.length - 1 };
      tiles.push({ ...slice, ...ends, left, top, width: sizes[k][0], height: sizes[k][1] });
      left += sizes[k][0];
    });
    tiles.slice(start).forEach((tile) => (tile.room = left));
    top += Math.max(...sizes.map(([, height]) => height));
    width = Math.max(width, left);
  }
  for (const tile of tiles) tile.left += (width - tile.room) / 2;
  return { tiles, width, height: top };
}

function slicesOf(view) {
  if (view === "planes") return ["axial", "coronal", "sagittal"].map((plane) => ({ plane }));
  if (view !== "montage") return [{ plane: view }];
  return Array.from({ length: 16 }, (_, k) => ({ plane: "axial", mm: -56 + 8 * k }));
}

// The best arrangement: `columns` panels in a row, each `width` x `height` pixels with its tiles.
function arrange(box, view, panels, room) {
  const slices = slicesOf(view);
  const acrosses = view === "montage" ? [4, 8, 16] : slices.map((_, k) => k + 1);
  let best = null;
  for (let columns = 1; columns <= panels; columns++) {
    for (const across of acrosses) {
      const shape = tiled(box, slices, across);
      const rows = Math.ceil(panels / columns);
      const wide = (room.width - GAP_PX * (columns - 1)) / columns - 2;
      const high = (room.height - GAP_PX * (rows - 1)) / rows - TITLE_PX - 2;
      const scale = Math.min(wide / shape.width, view === "montage" ? Infinity : high / shape.height);
      const fits = view !== "montage" || scale * shape.height * rows < 3 * room.height;
      if (fits && scale > 0 && (!best || scale > best.scale * 1.01)) best = { columns, scale, shape };
    }
  }
  if (!best) return arrange(box, "montage" === view ? "axial" : view, panels, { ...room, height: 2 * room.height });
  const { columns, scale, shape } = best;
  return {
    columns, tiles: shape.tiles,
    width: Math.floor(scale * shape.width), height: Math.floor(scale * shape.height), span: shape,
  };
}
