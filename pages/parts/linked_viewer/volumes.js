// The volumes of a case as the browser holds them: loaded once, shown in several panels.

async function load(text) {
  return niivue.NVImage.loadFromBase64({ base64: text, name: "volume.nii.gz" });
}

class Volumes {
  static async of(data) {
    const found = new Volumes();
    found.data = data;
    found.box = data.box.map(([low]) => low);
    found.values = {};
    for (const [name, text] of Object.entries(data.volumes)) {
      const image = await load(text);
      found.size = image.hdr.dims.slice(1, 4);
      found.values[name] = { img: image.img, step: image.hdr.scl_slope || 1 };
    }
    return found;
  }

  // A new image of a volume for one panel; its voxels are replaced by those of `of`.
  async layer(of, look) {
    const image = await load(this.data.volumes[of === "difference" ? "median" : of]);
    image.img = this.voxels(of);
    return this.look(image, look);
  }

  look(image, { colormap, low, high, opacity = 1 }) {
    image.colormap = colormap;
    image.cal_min = low;
    image.cal_max = high;
    image.opacity = opacity;
    return image;
  }

  voxels(name) {
    return name === "difference" ? this.difference : this.values[name].img;
  }

  // Synthetic minus reference where both have signal, in the step of the SUVR.
  subtract(synthetic) {
    const [a, b] = [this.values[synthetic].img, this.values.reference?.img];
    if (!b) return;
    this.difference ??= new Int16Array(a.length);
    for (let k = 0; k < a.length; k++) this.difference[k] = a[k] > 0 && b[k] > 0 ? a[k] - b[k] : 0;
  }

  at(name, mm) {
    const voxel = mm.map((value, axis) => Math.round((value - this.box[axis]) / 2));
    if (voxel.some((index, axis) => index < 0 || index >= this.size[axis])) return 0;
    const { img, step } = this.values[name];
    return img[voxel[0] + this.size[0] * (voxel[1] + this.size[1] * voxel[2])] * step;
  }

  region(mm) {
    return this.data.regions[Math.round(this.at("labels", mm))] || "";
  }
}

// A table of colours as niivue takes it; over another layer its lower end is not drawn.
function table(colours) {
  const last = colours.length - 1;
  const channel = (k) => colours.map((colour) => colour[k]);
  return {
    R: channel(0), G: channel(1), B: channel(2),
    A: colours.map((_, k) => (k ? 255 : 0)),
    I: colours.map((_, k) => Math.round((255 * k) / last)),
  };
}
