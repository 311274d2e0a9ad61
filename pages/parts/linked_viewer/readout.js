// What lies under the crosshair, in words; and what the colours mean.

function readout(viewer) {
  const { data, state, volumes } = viewer;
  const mm = state.at;
  const value = (name) => volumes.at(name, mm);
  const where = ["x", "y", "z"].map((axis, k) => `${axis} ${signed(mm[k])}`).join(", ").replaceAll("-", "−");
  const parts = [`${where} mm (MNI)`, bold(volumes.region(mm) || "no region")];
  const made = value(state.scenario);
  parts.push(words("synthetic SUVR", made.toFixed(2)));
  if (data.reference) {
    const real = value("reference");
    parts.push(words(data.reference.stamp ? "simulated reference SUVR" : "patient's own SUVR", real.toFixed(2)));
    parts.push(words("difference", (made > 0 && real > 0 ? signed(made - real, 2) : "0.00").replace("-", "−")));
  }
  parts.push(words("spread", value("spread").toFixed(2)));
  return parts.map((part) => make("span", {}, part));
}

function bold(text) {
  return make("b", { textContent: text });
}

function words(name, value) {
  return make("span", {}, `${name} `, bold(value));
}

function scales(viewer) {
  const { data, state } = viewer;
  const bars = [["PET, SUVR", data.colormaps[state.colormap], state.low, state.high]];
  if (state.shown.has("fusion") && state.fusion !== "spread" && overColormap(state) !== state.colormap) {
    bars.push(["PET on MRI, SUVR", data.colormaps[overColormap(state)], state.low, state.high]);
  }
  if (state.shown.has("difference")) bars.push(["Synthetic − reference, SUVR", DIFFERENCE, -data.difference, data.difference]);
  const spread = (state.spread && state.shown.has("synthetic")) || (state.fusion === "spread" && state.shown.has("fusion"));
  if (spread) bars.push(["Spread (standard deviation), SUVR", SPREAD, ...data.spread]);
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
