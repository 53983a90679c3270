// What a page that tells the time, or somebody's data, does while it stays open: minutes go by, a
// session ends, a registration is confirmed elsewhere.
export const watch = (() => {
  const one = (selector) => document.querySelector(selector);
  let [end, asked, from] = [Infinity, 0];

  const tick = () => {
    const now = Date.now();
    // the time left for a code, whatever hour this device believes it is
    document.querySelectorAll('[data-seconds]').forEach((place) => {
      place.end ||= now + place.dataset.seconds * 1000;
      const minutes = Math.ceil((place.end - now) / 60000);
      place.textContent = minutes > 1 ? minutes + '\u00a0minutes' : 'moins d’une minute';
    });
    // by the clock: a computer that sleeps counts no time
    const [box, screen, left] = [one('#session-end'), one('#screen'), (end - now) / 1000];
    if (!box || screen.hidden) return;
    if (left < -2) { // the server is asked, and decides
      screen.hidden = true;
      location = '/espace' + location.search;
    } else if (box.hidden && left < box.dataset.warn) {
      from = document.activeElement;
      box.hidden = false;
      one('#session-end button').focus();
    }
  };

  // Back finds a page as it was left. A private one is asked for again, unseen until it is there; a
  // registration that waits may have been confirmed in another tab, or on the phone.
  const back = ({ persisted }) => {
    tick();
    if (persisted && one('#session-end, [data-private]')) {
      one('#screen').hidden = true;
      location.reload();
    } else if (!document.hidden && one('[data-private]') && Date.now() - asked > 2000) {
      asked = Date.now();
      fetch(location.pathname).then((answer) => answer.ok && answer.text()).then((text) => text && !text.includes('data-private') && location.reload(), () => {});
    }
  };
  window.onfocus = window.onpageshow = document.onvisibilitychange = back;
  setInterval(tick, 1000);

  // After each step: the session's idle time starts afresh.
  return () => {
    const [box, now] = [one('#session-end'), Date.now()];
    if (box) {
      box.end ||= now + box.dataset.left * 1000;
      end = Math.min(now + box.dataset.idle * 1000, box.end);
      if (!box.hidden) { box.hidden = true; from.focus(); }
    }
    tick();
  };
})();
