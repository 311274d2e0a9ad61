// The door: Streamlit calls this once for each change of the data.

const open = new WeakMap();

async function unpacked(text) {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export default function mount({ data, parentElement }) {
  const root = parentElement.querySelector(".stack");
  if (open.get(root)?.key !== data.key) {
    open.get(root)?.planes?.close();
    const held = { key: data.key };
    open.set(root, held);
    unpacked(data.bytes).then((volume) => {
      if (open.get(root) === held) held.planes = new Planes(root, data, volume);
    });
  }
  return () => {
    open.get(root)?.planes?.close();
    open.delete(root);
  };
}
