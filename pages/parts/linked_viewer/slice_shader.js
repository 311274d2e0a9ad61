// The slice as we need it: the volume and at most one layer over it, whose dark end lets the volume through. Niivue's
// own also draws outlines, drawings and atlases, which costs more where there is no graphics card.

const SLICE_SHADER = `#version 300 es
precision highp int;
precision highp float;
uniform highp sampler3D volume, overlay;
uniform float overlays;
uniform float opacity;
in vec3 texPos;
out vec4 color;
void main() {
  color = vec4(texture(volume, texPos).rgb, opacity);
  if (overlays > 0.0) {
    vec4 over = texture(overlay, texPos);
    float shown = over.a * min(1.0, 2.0 * max(over.r, max(over.g, over.b)));
    color.rgb = mix(color.rgb, over.rgb, shown);
  }
}`;
