// Streamlit calls this once for each change of the data; dragging stays in the browser.

const shown = new WeakMap();

export default function mount({ data, parentElement }) {
  const root = parentElement.querySelector(".dragged");
  const part = (name) => root.querySelector(name);
  const slider = part("input");

  const show = () => {
    const at = Number(slider.value);
    const frame = data.frames[at];
    const value = frame.own ? `${frame.value} (as measured)` : frame.value;
    part(".value").textContent = value;
    slider.setAttribute("aria-valuetext", `${value}: ${frame.centiloid}`);
    for (const name of ["centiloid", "change", "probability", "moved"]) {
      part(`.${name}`).textContent = frame[name];
    }
    const image = part("img");
    image.src = `data:image/png;base64,${frame.picture}`;
    image.alt = `Synthetic PET at ${value}, ${frame.centiloid}. Synthetic, not for diagnosis.`;
  };

  if (shown.get(root) !== data.key) {
    shown.set(root, data.key);
    slider.max = data.frames.length - 1;
    slider.value = data.start;
    part(".name").textContent = data.label;
    part(".scale").textContent = data.scale;
    slider.setAttribute("aria-label", data.label);
    part(".low").textContent = data.frames[0].value;
    part(".high").textContent = data.frames.at(-1).value;
  }
  slider.oninput = show;
  show();
}
