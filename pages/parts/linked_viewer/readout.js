// What lies under the crosshair, in words; and what the colours mean.

// Names and values, in their order.
function findings(viewer) {
  const { data, state, volumes } = viewer;
  const mm = state.at;
  const value = (name) => volumes.at(name, mm);
  const minus = (text) => text.replaceAll("-", "−");
  const [made, real] = [value(state.scenario), data.reference ? value("reference") : 0];
  const found = [
    ["", minus(`${["x", "y", "z"].map((axis, k) => `${axis} ${signed(mm[k])}`).join(", ")} mm (MNI)`)],
    ["", volumes.region(mm) || "no region"],
    ["synthetic SUVR ", made.toFixed(2)],
  ];
  if (data.reference) {
    found.push([data.reference.stamp ? "simulated reference SUVR " : "patient's own SUVR ", real.toFixed(2)]);
    found.push(["difference ", made > 0 && real > 0 ? minus(signed(made - real, 2)) : "none"]);
  }
  return [...found, ["spread ", value("spread").toFixed(2)]];
}

function readout(viewer) {
  const box = viewer.fields.readout;
  const found = findings(viewer);
  if (box.children.length !== found.length) {
    box.replaceChildren(...found.map(([name]) => make("span", {}, name, make("b"))));
  }
  found.forEach(([, value], k) => say(box.children[k].lastChild, value));
}

function scales(viewer) {
  const { data, state } = viewer;
  const bars = [["PET, SUVR", data.colormaps[state.colormap], state.low, state.high]];
  if (state.shown.has("fusion") && state.fusion !== "spread" && overColormap(state) !== state.colormap) {
    bars.push(["PET on MRI, SUVR", data.colormaps[overColormap(state)], state.low, state.high]);
  }
  if (state.shown.has("difference")) bars.push(["Synthetic − reference, SUVR", DIFFERENCE, -data.difference, data.difference]);
  const spread = (state.spread && state.shown.has("synthetic")) || (state.fusion === "spread" && state.shown.has("fusion"));
  if (spread) bars.push(["Spread (standard deviation), SUVR", SPREAD, 0, data.spread]);
  return bars;
}

function drawScales(viewer) {
  return scales(viewer).map(([name, colours, low, high]) => {
    const ramp = make("i");
    ramp.style.background = `linear-gradient(to right, ${colours.map((colour) => `rgb(${colour})`)})`;
    const ends = [low, high].map((end) => end.toFixed(2).replace("-", "−"));
    return make("span", { className: "scale" }, ...[name, ends[0]].map((text) => make("span", {}, text)), ramp, ends[1]);
  });
}
