async function (text) {
  const Ink = "rgb(35, 39, 43)";
  const Letters = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';
  // What a reader sees on a desk, with as many points for one as a good screen has, and on a phone.
  const Places = { wide: [760, 1.5], narrow: [358, 2], plain: [760, 1] };
  // More are not told apart in a chart, and cost a tenth of its bytes.
  const MostColours = 96;
  const { fit, composed, themed } = FIGURE(null);
  const pictures = [];
  try {
    for (const [figure, least] of JSON.parse(text)) {
      const drawn = {};
      const composition = composed(figure);
      const images = new Map();
      for (const [place, [width, scale]] of Object.entries(Places)) {
        if (!images.has(width)) images.set(width, await imageOf(composition, width, least));
        const { image, height } = images.get(width);
        const canvas = Object.assign(document.createElement("canvas"), { width: width * scale, height: height * scale });
        const context = canvas.getContext("2d", { willReadFrequently: true });
        context.drawImage(image, 0, 0, canvas.width, canvas.height);
        drawn[place] = { png: await png(context.getImageData(0, 0, canvas.width, canvas.height)), width, height };
      }
      pictures.push(drawn);
    }
  } catch {}
  return pictures;

  async function imageOf(composition, width, least) {
    const { data, layout } = fit(composition, width, least);
    const paper = { ...themed(layout, Ink, Letters), paper_bgcolor: "#fff", plot_bgcolor: "#fff" };
    const height = layout.height;
    const image = new Image();
    image.src = await Plotly.toImage({ data, layout: paper }, { format: "svg", width, height, scale: 1 });
    await image.decode();
    return { image, height };
  }
  // A chart has few colours: with a palette its file is a quarter as large.
  async function png({ data, width, height }) {
    const points = new Uint32Array(data.buffer);
    const counts = new Map();
    // Most points are like the one before them, and need not be looked up.
    for (let i = 0, start = 0; i < points.length; start = i) {
      const point = points[i];
      while (i < points.length && points[i] === point) i++;
      counts.set(point, (counts.get(point) ?? 0) + i - start);
    }
    const rgb = (point) => [point & 255, (point >> 8) & 255, (point >> 16) & 255];
    const coarse = (point) => (point >> 3) & 0x1f1f1f;
    let palette = [...counts.keys()];
    if (palette.length > MostColours) {
      // Of each group of like colours the commonest, and of the groups the commonest.
      const groups = new Map();
      for (const [point, count] of counts) {
        const group = groups.get(coarse(point)) ?? { count: 0, most: 0 };
        group.count += count;
        if (count > group.most) [group.most, group.point] = [count, point];
        groups.set(coarse(point), group);
      }
      palette = [...groups.values()].sort((a, b) => b.count - a.count || a.point - b.point).slice(0, MostColours).map((group) => group.point);
    }
    const index = new Map(palette.map((point, i) => [point, i]));
    const colours = palette.map(rgb);
    for (const point of counts.keys()) {
      if (index.has(point)) continue;
      const [r, g, b] = rgb(point);
      let [best, least] = [0, Infinity];
      colours.forEach(([x, y, z], i) => {
        const distance = (r - x) ** 2 + (g - y) ** 2 + (b - z) ** 2;
        if (distance < least) [best, least] = [i, distance];
      });
      index.set(point, best);
    }
    const rows = new Uint8Array(height * (width + 1));
    let last = points[0];
    let colour = index.get(last);
    for (let y = 0, at = 0, i = 0; y < height; y++) {
      rows[at++] = 0;
      for (let x = 0; x < width; x++, i++) {
        if (points[i] !== last) colour = index.get((last = points[i]));
        rows[at++] = colour;
      }
    }
    const packed = new Response(new Blob([rows]).stream().pipeThrough(new CompressionStream("deflate")));
    const size = new DataView(new ArrayBuffer(13));
    size.setUint32(0, width);
    size.setUint32(4, height);
    [8, 3, 0, 0, 0].forEach((value, i) => size.setUint8(8 + i, value));
    const file = new Blob([
      Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
      chunk("IHDR", new Uint8Array(size.buffer)),
      chunk("PLTE", Uint8Array.from(colours.flat())),
      chunk("IDAT", new Uint8Array(await packed.arrayBuffer())),
      chunk("IEND", new Uint8Array(0)),
    ]);
    const reader = new FileReader();
    await new Promise((resolve) => ((reader.onload = resolve), reader.readAsDataURL(file)));
    return reader.result.slice(reader.result.indexOf(",") + 1);
  }
  function chunk(name, bytes) {
    const whole = new Uint8Array(bytes.length + 12);
    const view = new DataView(whole.buffer);
    view.setUint32(0, bytes.length);
    [...name].forEach((letter, i) => (whole[4 + i] = letter.charCodeAt(0)));
    whole.set(bytes, 8);
    let crc = ~0;
    for (const byte of whole.subarray(4, bytes.length + 8)) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
    view.setUint32(bytes.length + 8, ~crc);
    return whole;
  }
}
