// What each panel shows: its layers, their scales and its words, from the state of the controls.

const HOT = "hot";
const DIFFERENCE = [[205, 150, 255], [120, 60, 190], [24, 24, 24], [40, 130, 60], [150, 235, 150]];
const SPREAD = [[0, 0, 0], [204, 121, 167], [255, 225, 240]];
const TITLES = {
  reference: "Reference", synthetic: "Synthetic", difference: "Difference", mri: "MRI", fusion: "PET on MRI",
};

function addTables(data) {
  for (const [name, colours] of Object.entries(data.colormaps)) {
    niivue.cmapper.addColormap(name, table(colours));
  }
  niivue.cmapper.addColormap("difference", table(DIFFERENCE));
  niivue.cmapper.addColormap("spread", table(SPREAD));
}

function kinds(data) {
  return Object.keys(TITLES).filter((kind) => data.reference || !["reference", "difference"].includes(kind));
}

// Grey tables vanish on an MRI: there the hot one stands in, in the same window.
function overColormap(state) {
  return state.colormap.includes("grey") ? HOT : state.colormap;
}

function sources(data) {
  return {
    synthetic: "synthetic PET",
    ...(data.reference ? { reference: "reference PET" } : {}),
    spread: "spread",
  };
}

// The layers of a panel, bottom first: which volume, and how it looks.
function layers(kind, state, data) {
  const pet = { colormap: state.colormap, low: state.low, high: state.high };
  const mri = { of: "t1", look: { colormap: "grey", low: data.t1_window[0], high: data.t1_window[1] } };
  const spread = (opacity) => ({ of: "spread", look: { colormap: "spread", low: 0, high: data.spread, opacity } });
  if (kind === "mri") return [mri];
  if (kind === "reference") return [{ of: "reference", look: pet }];
  if (kind === "difference") {
    return [{ of: "difference", look: { colormap: "difference", low: -data.difference, high: data.difference } }];
  }
  if (kind === "synthetic") return [{ of: state.scenario, look: pet }, spread(state.spread ? state.opacity : 0)];
  if (state.fusion === "spread") return [mri, spread(state.opacity)];
  const of = state.fusion === "reference" ? "reference" : state.scenario;
  return [mri, { of, look: { ...pet, colormap: overColormap(state), opacity: state.opacity } }];
}

function ground(kind, state, data) {
  if (kind === "difference") return DIFFERENCE[2];
  return kind === "mri" || kind === "fusion" ? [0, 0, 0] : data.colormaps[state.colormap][0];
}

function stampOf(kind, state, data) {
  if (kind === "mri") return "";
  const reference = kind === "reference" || (kind === "fusion" && state.fusion === "reference");
  return reference ? data.reference.stamp : "SYNTHETIC";
}

// What the scale follows, in words.
function ruleOf(state, data) {
  const preset = data.presets.find(({ tracer }) => tracer === state.preset);
  if (!preset) return "Free choice of colours and window; synthetic and reference PET share them.";
  const own = [data.tracer, data.reference?.tracer].includes(preset.tracer);
  return own ? preset.words : `${preset.words} Neither scan is of this tracer.`;
}

// A panel's title in two parts: what it is, and more of it.
function titleOf(kind, state, data) {
  const scenario = state.scenario === "median" ? "" : `, ${data.scenarios[state.scenario].toLowerCase()}`;
  if (kind === "reference") return [data.reference.title.replace(" PET", data.reference.stamp ? "" : " PET"), data.reference.tracer];
  if (kind === "synthetic") return [`Synthetic PET${scenario}`, data.tracer];
  if (kind === "difference") return ["Difference", "syn. − ref."];
  if (kind === "mri") return ["MRI", "T1-weighted"];
  if (state.fusion === "spread") return ["Spread on MRI", "standard deviation"];
  return ["PET on MRI", sources(data)[state.fusion]];
}
