// Where frames come slower than 30 a second, images are drawn at half the resolution while the crosshair moves.

const SLOW_MS = 33;
const PAUSE_MS = 200;

class Pace {
  constructor(panels) {
    this.panels = panels;
    this.usual = 16;
    this.coarse = false;
  }

  // Called with the time of each frame in which the crosshair moves.
  frame(now) {
    const gap = now - (this.last ?? -Infinity);
    this.last = now;
    if (gap < PAUSE_MS) {
      if (!this.coarse) this.usual = 0.7 * this.usual + 0.3 * gap;
      if (this.usual > SLOW_MS) this.sharpen(false);
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.sharpen(true), PAUSE_MS);
  }

  sharpen(full) {
    if (this.coarse !== full) return;
    this.coarse = !full;
    for (const panel of this.panels()) {
      panel.opts.forceDevicePixelRatio = full ? 0 : window.devicePixelRatio / 2;
      panel.resizeListener();
    }
  }
}
