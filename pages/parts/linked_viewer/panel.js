// One image of the viewer: niivue on a canvas, under its words.

const SLICES = { axial: 0, coronal: 1, sagittal: 2 };

// Asked for before niivue asks for its own: nothing shines through a panel, so the browser need not blend it with what
// lies below, which takes longer than the drawing where there is no graphics card.
const OPAQUE = { alpha: false, antialias: false };

class Panel extends niivue.Niivue {
  line = 1;

  static async on(canvas) {
    const panel = new Panel({
      logLevel: "error", loadingText: "", dragAndDropEnabled: false, dragMode: niivue.DRAG_MODE.none,
      dragModePrimary: niivue.DRAG_MODE.crosshair, isForceMouseClickToVoxelCenters: true, sagittalNoseLeft: true,
      isOrientationTextVisible: false, crosshairWidth: 1, crosshairWidthUnit: "mm", crosshairGap: 8,
      viewModeHotKey: "", clipPlaneHotKey: "", cycleClipPlaneHotKey: "", multiplanarShowRender: 0,
    });
    canvas.getContext("webgl2", OPAQUE);
    await panel.attachToCanvas(canvas, false);
    panel.setCustomSliceShader(SLICE_SHADER);
    canvas.tabIndex = -1;
    return panel;
  }

  // Background, and a crosshair that keeps its contrast on it.
  paint(colour, crosshair) {
    this.opts.backColor = [...colour.map((channel) => channel / 255), 1];
    this.opts.crosshairColor = isBright(colour) ? [0, 0.447, 0.698, 1] : [0.337, 0.706, 0.914, 1];
    this.opts.crosshairWidth = crosshair ? this.line : 0;
  }

  lay({ tiles, span, width }) {
    this.customLayout = tiles.map((tile) => ({
      sliceType: SLICES[tile.plane],
      position: [tile.left / span.width, tile.top / span.height, tile.width / span.width, tile.height / span.height],
      ...(tile.mm === undefined ? {} : { sliceMM: tile.mm }),
    }));
    this.line = (1.05 * span.width) / width;
    if (this.opts.crosshairWidth) this.opts.crosshairWidth = this.line;
  }

  point(mm) {
    this.scene.crosshairPos = this.mm2frac(mm);
  }

  // As niivue draws, but with no wait for the graphics card: several panels then draw side by side.
  drawScene() {
    if (this.isBusy) this.needsRefresh = true;
    else this.drawSceneCore();
  }
}

function isBright([red, green, blue]) {
  return red + green + blue > 384;
}
