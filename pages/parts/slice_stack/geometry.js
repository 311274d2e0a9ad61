// Where a voxel lies on a picture. Axes: 0 = x (left to right), 1 = y (to anterior), 2 = z (to superior).
// Radiological: the patient's right is on the left of the picture; anterior is left on the sagittal plane.

const PLANES = {
  axial: { through: 2, across: 0, down: 1, letters: ["R", "L", "A", "P"] },
  coronal: { through: 1, across: 0, down: 2, letters: ["R", "L", "S", "I"] },
  sagittal: { through: 0, across: 1, down: 2, letters: ["A", "P", "S", "I"] },
};
const START_MM = [6, -54, 36];

const backwards = (length, position) => length - 1 - position;

function clamp(value, length) {
  return Math.max(0, Math.min(length - 1, Math.round(value)));
}

// Voxel under a point of the picture, given as shares of its width and height.
function voxelUnder(plane, size, at, shareX, shareY) {
  const next = [...at];
  next[plane.across] = backwards(size[plane.across], clamp(shareX * size[plane.across] - 0.5, size[plane.across]));
  next[plane.down] = backwards(size[plane.down], clamp(shareY * size[plane.down] - 0.5, size[plane.down]));
  return next;
}

// Point of the picture of a voxel, as shares of its width and height.
function pointOf(plane, size, at) {
  const share = (axis) => (backwards(size[axis], at[axis]) + 0.5) / size[axis];
  return [share(plane.across), share(plane.down)];
}

// The slice as grey levels, row by row from the top; zero is white.
function cut(volume, size, plane, at, grey) {
  const strides = [1, size[0], size[0] * size[1]];
  const width = size[plane.across], height = size[plane.down];
  const pixels = new ImageData(width, height);
  const start = at[plane.through] * strides[plane.through];
  for (let row = 0; row < height; row += 1) {
    const line = start + backwards(height, row) * strides[plane.down];
    for (let column = 0; column < width; column += 1) {
      const level = grey[volume[line + backwards(width, column) * strides[plane.across]]];
      pixels.data.set([level, level, level, 255], 4 * (row * width + column));
    }
  }
  return pixels;
}
