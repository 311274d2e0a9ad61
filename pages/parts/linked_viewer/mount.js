// The door: Streamlit calls this once for each change of the data.

const open = new WeakMap();

function hasWebGL() {
  return Boolean(document.createElement("canvas").getContext("webgl2"));
}

export default function mount({ data, parentElement, setStateValue }) {
  const root = parentElement;
  if (!hasWebGL()) {
    setStateValue("webgl", "missing");
    return;
  }
  const before = open.get(root);
  if (before?.data.key !== data.key) {
    before?.close();
    const viewer = new Viewer(root, data);
    open.set(root, viewer);
    viewer.open().catch((error) => {
      console.error(error);
      viewer.close();
      setStateValue("webgl", "missing");
    });
  }
  return () => {
    open.get(root)?.close();
    open.delete(root);
  };
}
