// Whether text is cut, covered or pushed out of the window. Returns sentences.
(() => {
  const faults = [];
  const squeeze = (text) => text.replace(/\s+/g, ' ').trim();
  const name = (each) => each.tagName.toLowerCase() + (each.id ? '#' + each.id : each.classList[0] ? '.' + each.classList[0] : '') + ' « ' + squeeze(each.innerText || '').slice(0, 40) + ' »';
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth + 1) {
    const out = [...document.querySelectorAll('body *')].filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth + 1);
    faults.push(`la page fait ${wide} px dans une fenêtre de ${innerWidth} : ${out.slice(0, 3).map(name).join(', ')}`);
  }
  // What stands over the page is its own layer: wholly in the window, and nothing shows through it.
  const layers = [...document.querySelectorAll('#session-end,#notice>*')].filter((each) => {
    const placed = each.closest('#session-end,#notice');
    return each.checkVisibility() && getComputedStyle(placed).position !== 'static';
  });
  layers.forEach((each) => {
    const at = scrollY;
    scrollBy({ top: each.getBoundingClientRect().top, behavior: 'instant' }); // what sticks comes up
    const { top, bottom } = each.getBoundingClientRect();
    scrollTo({ top: at, behavior: 'instant' });
    if (top < -1 || bottom > innerHeight + 1) faults.push(`de ${Math.round(top)} à ${Math.round(bottom)} px dans une fenêtre haute de ${innerHeight} : ${name(each)}`);
    if (!/^rgb\(/.test(getComputedStyle(each).backgroundColor)) faults.push(`ce qui est dessous se voit : ${name(each)}`);
  });
  // as .vh does, at some widths: for ears alone
  const unseen = (each) => each && (getComputedStyle(each).clipPath === 'inset(50%)' || unseen(each.parentElement));
  const layerOf = (holder) => layers.find((each) => each.contains(holder));
  const rects = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const holder = node.parentElement;
    if (!/\S/.test(node.data) || !holder.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (holder.closest('.vh,.skip,script,style,noscript') || unseen(holder)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
    if (!boxes.length) continue;
    // Cut by an ancestor that hides what overflows and does not scroll.
    for (let around = holder; around && around !== document.body; around = around.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(around);
      const frame = around.getBoundingClientRect();
      const cutX = overflowX === 'hidden' || overflowX === 'clip';
      const cutY = overflowY === 'hidden' || overflowY === 'clip';
      if (boxes.some((box) => (cutX && (box.right > frame.right + 2 || box.left < frame.left - 2)) || (cutY && (box.bottom > frame.bottom + 2 || box.top < frame.top - 2)))) {
        faults.push(`texte coupé : ${name(holder)}`);
        break;
      }
    }
    // Out of the coloured box of its button.
    const button = holder.closest('button,.button,.tab,.panel,.errors');
    if (button) {
      const frame = button.getBoundingClientRect();
      const scrolls = getComputedStyle(button).overflowY === 'auto'; // what is below comes with the finger
      if (boxes.some((box) => box.right > frame.right + 2 || box.left < frame.left - 2 || (!scrolls && (box.bottom > frame.bottom + 2 || box.top < frame.top - 2)))) faults.push(`texte hors de son cadre : ${name(holder)}`);
    }
    const layer = layerOf(holder);
    const scrolling = holder.closest('.terms');
    boxes.forEach((box) => { if (!scrolling) rects.push({ box, node, holder, layer }); });
  }
  // Two texts one upon the other.
  rects.sort((a, b) => a.box.top - b.box.top);
  const told = new Set();
  for (let i = 0; i < rects.length && told.size < 5; i += 1) {
    for (let j = i + 1; j < rects.length && rects[j].box.top < rects[i].box.bottom; j += 1) {
      const [a, b] = [rects[i], rects[j]];
      if (a.node === b.node || a.layer !== b.layer) continue;
      const x = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const y = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      const low = Math.min(a.box.height, b.box.height);
      if (x > 3 && y > low * 0.45) told.add(`textes superposés : ${name(a.holder)} et ${name(b.holder)}`);
    }
  }
  return [...new Set(faults), ...told];
})()
