// Words on the slices: millimetres, letters of orientation, and the stamp. Set as text, so that they are sharp at any
// size; the saved picture repeats them.

const ENDS = {
  axial: (radiological) => [...sides(radiological), "A", "P"],
  coronal: (radiological) => [...sides(radiological), "S", "I"],
  sagittal: () => ["A", "P", "S", "I"],
};

function sides(radiological) {
  return radiological ? ["R", "L"] : ["L", "R"];
}

function mark(className, text, left, top) {
  const found = make("span", { className, textContent: text });
  found.style.cssText = `left: ${100 * left}%; top: ${100 * top}%`;
  return found;
}

// Every slice's words, and what writes the millimetres anew when the crosshair moves.
function marks({ tiles, span }, { stamp, radiological }) {
  const found = [];
  const follows = [];
  for (const tile of tiles) {
    const [x, y] = [(share) => (tile.left + share * tile.width) / span.width, (share) => (tile.top + share * tile.height) / span.height];
    const through = AXES[tile.plane][2];
    const where = mark("top left", "", x(0), y(0));
    const write = (mm) => say(where, `${"xyz"[through]} ${signed(tile.mm ?? mm[through]).replace("-", "−")}`);
    found.push(where);
    follows.push(write);
    const [left, right, top, bottom] = ENDS[tile.plane](radiological);
    const whole = tile.mm === undefined;
    if (whole || tile.first) found.push(mark("left middle", left, x(0), y(0.5)));
    if (whole || tile.last) found.push(mark("right middle", right, x(1), y(0.5)));
    if (whole) found.push(mark("top centre", top, x(0.5), y(0)), mark("bottom centre", bottom, x(0.5), y(1)));
    if (stamp) found.push(mark("bottom left stamp", stamp, x(0), y(1)));
  }
  return [found, (mm) => follows.forEach((write) => write(mm))];
}

// Text is only touched where it changes: the browser then lays out less.
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function signed(value, digits = 0) {
  const rounded = Number(value.toFixed(digits)) || 0;
  return (rounded < 0 ? "-" : "+") + Math.abs(rounded).toFixed(digits);
}
