// Runs before the page's own scripts: shifts of the layout, what live regions come to say, and
// whether « Envoi en cours… » was true.
(() => {
  const SLOW = 'Envoi en cours…';
  const now = performance.now.bind(performance); // the machine's, whatever clock a state gives the page
  const seen = window.__seen = { shift: 0, shifts: [], said: [] };

  // A new screen has another height: from its swap to the two frames that show it, what follows the
  // screen moves, as it would with a new page; so does the header where a swap brings another one.
  // Nothing else may, then or at any other time.
  const swaps = [];
  let begun = 0;
  document.addEventListener('htmx:before:swap', () => { begun = now(); });
  document.addEventListener('htmx:after:swap', ({ detail }) => {
    const { target } = detail.ctx;
    if (target === '#notice' || target.id === 'notice') return;
    const swap = { from: begun, to: Infinity };
    swaps.push(swap);
    requestAnimationFrame(() => requestAnimationFrame(() => { swap.to = now(); }));
  });
  const follows = ({ node }) => {
    const element = node && (node.nodeType === 1 ? node : node.parentElement);
    return Boolean(element && element.closest('.foot,#busy,.top'));
  };
  const swapped = (each) => swaps.some(({ from, to }) => from <= each.startTime && each.startTime <= to);
  new PerformanceObserver((list) => list.getEntries().forEach((each) => {
    if (each.hadRecentInput || (swapped(each) && each.sources.every(follows))) return;
    seen.shift += each.value;
    each.sources.forEach(({ node, previousRect: from, currentRect: to }) => seen.shifts.push(
      node && `${node.nodeName}#${node.id}.${node.className} ${from.x},${from.y} ${to.x},${to.y}`));
  })).observe({ type: 'layout-shift', buffered: true });

  // A busy machine answers late, and the page then says so: that is told of no state, as long as a
  // request has really been waiting for the quarter of a second after which portal.js says it.
  let asked = 0;
  document.addEventListener('htmx:before:request', () => { asked = now(); });
  const waited = (words) => words.endsWith(SLOW) && asked && now() - asked >= 240;
  const live = '[role=alert],[role=status],[role=log],[aria-live]';
  const told = (region) => {
    const words = region.innerText.replace(/\s+/g, ' ').trim();
    if (!words || waited(words)) return;
    seen.said.push((region.getAttribute('role') || region.getAttribute('aria-live')) + ' : ' + words);
  };
  document.addEventListener('DOMContentLoaded', () => {
    new MutationObserver((records) => {
      const regions = new Set();
      records.forEach((record) => {
        const at = record.target.nodeType === 1 ? record.target : record.target.parentElement;
        const around = at && at.closest(live);
        if (around) regions.add(around);
        record.addedNodes.forEach((node) => {
          if (node.nodeType !== 1) return;
          if (node.matches(live)) regions.add(node);
          node.querySelectorAll(live).forEach((each) => regions.add(each));
        });
      });
      regions.forEach(told);
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
})();
