// Pictures compared in a page of their own: contrast as WCAG 2 counts it.
globalThis.pixels = (() => {
  let [last, drawn] = [];
  const draw = async (url) => {
    if (url === last) return drawn; // one picture of the window serves many stops
    const image = await createImageBitmap(await (await fetch(url)).blob());
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    return context;
  };
  const read = async (url, place) => {
    const context = await draw(url);
    if (place) [last, drawn] = [url, context];
    const { x, y, width, height } = place || { x: 0, y: 0, width: context.canvas.width, height: context.canvas.height };
    return context.getImageData(x, y, width, height);
  };
  const line = (part) => { const c = part / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  const light = (data, at) => 0.2126 * line(data[at]) + 0.7152 * line(data[at + 1]) + 0.0722 * line(data[at + 2]);
  const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  return {
    async changed(first, second, place) {
      const [a, b] = [await read(first, place), await read(second)];
      const told = { pixels: 0, strong: 0, best: 1 };
      for (let at = 0; at < Math.min(a.data.length, b.data.length); at += 4) {
        const same = a.data[at] === b.data[at] && a.data[at + 1] === b.data[at + 1] && a.data[at + 2] === b.data[at + 2];
        if (same) continue;
        const between = contrast(light(a.data, at), light(b.data, at));
        told.pixels += 1;
        told.best = Math.max(told.best, between);
        if (between >= 2.99) told.strong += 1;
      }
      return told;
    },
    // From outside inwards on the middle of each side: the best contrast of the first pixels within.
    async edges(url, margin) {
      const { data, width, height } = await read(url);
      const at = (x, y) => light(data, 4 * (Math.round(y) * width + Math.round(x)));
      const side = (outside, inwards) => {
        const ground = at(...outside);
        let best = 1;
        for (let step = 0; step < margin * 2.5; step += 1) best = Math.max(best, contrast(ground, at(...inwards(step))));
        return best;
      };
      const [x, y] = [width / 2, height / 2];
      return [
        side([0, y], (step) => [step, y]), side([width - 1, y], (step) => [width - 1 - step, y]),
        side([x, 0], (step) => [x, step]), side([x, height - 1], (step) => [x, height - 1 - step]),
      ];
    },
  };
})();
