// The rows of controls above and below the images.

const VIEWS = { planes: "Three planes", axial: "Axial", coronal: "Coronal", sagittal: "Sagittal", montage: "Montage" };
const FREE = "free";

function toolbar(viewer) {
  const { data, state } = viewer;
  const set = (change) => viewer.set(change);
  const capital = (text) => text[0].toUpperCase() + text.slice(1);
  const low = number("Lower end of the PET window, SUVR", state.low, { min: 0, max: 2.9, step: 0.1 }, (value) =>
    viewer.setWindow(value, state.high));
  const high = number("Upper end of the PET window, SUVR", state.high, { min: 0.1, max: 5, step: 0.1 }, (value) =>
    viewer.setWindow(state.low, value));
  const presets = Object.fromEntries(data.presets.map(({ tracer }) => [tracer, `${capital(tracer)} preset`]));
  const [presetGroup, preset] = select("Scale", { ...presets, [FREE]: "Free choice" }, state.preset, (value) =>
    viewer.setPreset(value));
  const tables = Object.fromEntries(Object.keys(data.colormaps).map((name) => [name, capital(name)]));
  const [tableGroup, tables_] = select("Colours", tables, state.colormap, (colormap) =>
    set({ colormap, preset: FREE }));
  const opacity = range("Opacity of overlays", state.opacity, { min: 0, max: 1, step: 0.05 }, (value) =>
    set({ opacity: value }));
  const shown = Object.fromEntries(kinds(data).map((kind) => [kind, TITLES[kind]]));
  viewer.fields = { low, high, preset, tables: tables_ };
  const scenarios = Object.keys(data.scenarios).length > 1
    ? [choices("Synthetic PET", data.scenarios, state.scenario, (scenario) => set({ scenario }))] : [];
  return [
    choices("View", VIEWS, state.view, (view) => set({ view })),
    checks("Show", shown, (kind) => state.shown.has(kind), (kind, on) => viewer.show(kind, on)),
    ...scenarios,
    presetGroup,
    tableGroup,
    group("Window, SUVR", low, "to", high),
    select("On MRI", sources(data), state.fusion, (fusion) => set({ fusion }))[0],
    group("Opacity", opacity),
    tick("Spread over synthetic", state.spread, (spread) => set({ spread })),
    select("Convention", { radiological: "Radiological", neurological: "Neurological" },
      state.radiological ? "radiological" : "neurological", (value) => set({ radiological: value === "radiological" }))[0],
    tick("Crosshair", state.crosshair, (crosshair) => set({ crosshair })),
    button("Save picture (.png)", () => save(viewer)),
  ];
}

// The guided read in the label's order, and the position in numbers.
function steps(viewer) {
  const name = make("span", {});
  const back = button("‹ Back", () => viewer.step(-1));
  const next = button("Next ›", () => viewer.step(1));
  name.setAttribute("aria-live", "polite");
  const [placeGroup, place] = select("Go to", { "": "place", ...Object.fromEntries(
    Object.keys(viewer.data.places).map((key) => [key, key])) }, "", (key) => key && viewer.go(key));
  const axes = ["x", "y", "z"].map((axis, k) => {
    const [low, high] = viewer.data.box[k];
    const field = range(`${axis}, millimetres`, viewer.state.at[k], { min: low, max: high, step: 2 }, (value) =>
      viewer.move(viewer.state.at.map((old, other) => (other === k ? value : old))));
    return [group(axis, field), field];
  });
  Object.assign(viewer.fields, { name, back, next, place, axes: axes.map(([, field]) => field) });
  return [group("Guided read", back, name, next), placeGroup, ...axes.map(([box]) => box)];
}
