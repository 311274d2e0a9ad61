// One image of the viewer: niivue on a canvas, with its stamp and its millimetres drawn into the picture.

const SLICES = { axial: 0, coronal: 1, sagittal: 2 };
const LETTER_PX = 11;

class Panel extends niivue.Niivue {
  tiles = [];
  stamp = "";
  line = 1;
  ink = [1, 1, 1, 1];
  colour = [0, 0, 0];

  static async on(canvas) {
    const panel = new Panel({
      logLevel: "error", loadingText: "", dragAndDropEnabled: false, dragMode: niivue.DRAG_MODE.none,
      dragModePrimary: niivue.DRAG_MODE.crosshair, isForceMouseClickToVoxelCenters: true, sagittalNoseLeft: true, showAllOrientationMarkers: true,
      fontMinPx: LETTER_PX, fontSizeScaling: 0, crosshairWidth: 1, crosshairWidthUnit: "mm", crosshairGap: 8,
      viewModeHotKey: "", clipPlaneHotKey: "", cycleClipPlaneHotKey: "", multiplanarShowRender: 0,
    });
    await panel.attachToCanvas(canvas, false);
    panel.setCustomSliceShader(SLICE_SHADER);
    canvas.tabIndex = -1;
    return panel;
  }

  // Background and lettering; the crosshair keeps its contrast on both.
  paint([red, green, blue], crosshair) {
    const bright = red + green + blue > 384;
    this.colour = [red, green, blue];
    this.opts.backColor = [red / 255, green / 255, blue / 255, 1];
    this.ink = bright ? [0.15, 0.15, 0.15, 1] : [0.9, 0.9, 0.9, 1];
    this.opts.fontColor = this.ink;
    this.opts.crosshairColor = bright ? [0, 0.447, 0.698, 1] : [0.337, 0.706, 0.914, 1];
    this.opts.crosshairWidth = crosshair ? this.line : 0;
  }

  lay(arrangement) {
    const { tiles, span } = arrangement;
    this.tiles = tiles;
    this.customLayout = tiles.map((tile) => ({
      sliceType: SLICES[tile.plane],
      position: [tile.left / span.width, tile.top / span.height, tile.width / span.width, tile.height / span.height],
      ...(tile.mm === undefined ? {} : { sliceMM: tile.mm }),
    }));
    this.span = span;
    this.line = (1.05 * span.width) / arrangement.width;
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

  drawSceneCore() {
    const drawn = super.drawSceneCore();
    if (this.initialized && this.volumes.length && this.span) this.write();
    return drawn;
  }

  write() {
    const { width, height } = this.gl.canvas;
    this.gl.viewport(0, 0, width, height);
    const scale = width / this.span.width;
    const at = this.frac2mm(this.scene.crosshairPos, 0, true);
    const line = 1.3 * this.fontPx;
    for (const tile of this.tiles) {
      const [left, top] = [Math.round(tile.left * scale) + 4, Math.round(tile.top * scale) + 3];
      const foot = Math.round((tile.top + tile.height) * scale - line);
      const through = AXES[tile.plane][2];
      const mm = tile.mm ?? at[through];
      this.drawText([left, top], `${"xyz"[through]} ${signed(mm)}`, 0.9, this.ink);
      if (this.stamp) {
        const room = (tile.mm === undefined ? 0.42 : 0.8) * tile.width * scale;
        this.drawText([left, foot], this.stamp, Math.min(0.85, room / this.textWidth(this.fontPx, this.stamp)), this.ink);
      }
      if (tile.mm !== undefined) this.sides(tile, scale);
    }
  }

  // Letters of a montage: only at the ends of each row.
  sides(tile, scale) {
    const [right, left] = this.opts.isRadiologicalConvention ? ["L", "R"] : ["R", "L"];
    const middle = (tile.top + tile.height / 2) * scale;
    if (tile.first) this.drawText([tile.left * scale + 3, middle], left, 1, this.ink);
    if (tile.last) this.drawText([(tile.left + tile.width) * scale - this.fontPx, middle], right, 1, this.ink);
  }
}

function signed(value, digits = 0) {
  const rounded = Number(value.toFixed(digits)) || 0;
  return (rounded < 0 ? "-" : "+") + Math.abs(rounded).toFixed(digits);
}
