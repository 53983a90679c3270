// What HTML cannot do alone. Everything works without it.
(() => {
  'use strict';
  const byId = (id) => document.getElementById(id);
  const all = (selector, from = document) => from.querySelectorAll(selector);
  const busy = (words) => { byId('busy').textContent = words; };

  // The letter's QR code, …/inscription#n=number&c=code. HTMX, which follows in this file, would send the
  // address with each request: it is cleaned before. A page without a form (no network, an error)
  // sends nothing, and keeps it for « Réessayer ».
  const carried = () => new URLSearchParams(location.hash.slice(1));
  const takeLetter = () => {
    const [number, code] = [carried().get('n'), carried().get('c')];
    if (!code || !document.forms.length) return;
    const [line, field] = [byId('from-letter'), byId('number')];
    // somebody else's registration is under way here: a page of one's own, where nothing is theirs
    if (line && number && ![number, ''].includes(field.value) && !location.search) return location.replace('?autre' + location.hash);
    history.replaceState(history.state, '', location.pathname + location.search);
    if (!line || !number || (number + code).length > 99) return;
    field.value = number;
    byId('access_code').value = code;
    line.previousElementSibling.hidden = true;
    line.hidden = false;
    line.focus({ preventScroll: true });
  };
  takeLetter();
  window.addEventListener('hashchange', () => carried().get('c') && location.reload());

  // Show or hide a password; it is hidden again before it leaves. What can be read needs no repeating.
  const copy = ({ form, name, type, value }) => {
    const repeat = name === 'password' && type === 'text' && form.elements.password_repeat;
    if (repeat) repeat.value = value;
    return repeat;
  };
  const show = (button, shown) => {
    const field = button.previousElementSibling;
    field.type = shown ? 'text' : 'password';
    button.firstChild.data = shown ? 'Masquer' : 'Afficher';
    busy(copy(field) ? 'Recopié dans le champ suivant.' : '');
  };
  document.addEventListener('input', ({ target }) => copy(target));
  document.addEventListener('click', (event) => {
    const { target } = event;
    const button = target.closest('.reveal');
    // « Réessayer »: the link alone would lose what follows « # »
    if (target.closest('a[href=""]')) { event.preventDefault(); location.reload(); }
    if (target.closest('[data-print]')) print();
    if (target.closest('[data-close]')) { byId('notice').textContent = ''; document.querySelector('#screen h1').focus(); }
    if (button) show(button, button.firstChild.data === 'Afficher');
  });
  document.addEventListener('submit', (event) => all('.reveal', event.target).forEach((button) => show(button, false)), true);

  // The time left for a code, a minute at a time, whatever hour this device believes it is.
  const countDown = () => all('[data-seconds]').forEach((place) => {
    place.dataset.end = place.dataset.end || Date.now() + place.dataset.seconds * 1000;
    const seconds = Math.round((place.dataset.end - Date.now()) / 1000);
    const minutes = Math.ceil(seconds / 60);
    place.textContent = seconds <= 0 ? 'un instant' : minutes > 1 ? minutes + '\u00a0minutes' : 'moins d’une minute';
  });

  // The session's end: a warning that can extend it, then the sign-in page.
  let timers = [];
  const watchSession = () => {
    timers.forEach(clearTimeout);
    const box = byId('session-end');
    if (!box) return;
    const { idle, warn } = box.dataset;
    box.last = box.last || Date.now() + box.dataset.left * 1000;
    const end = Math.min(idle * 1000, box.last - Date.now());
    if (!box.hidden) { box.hidden = true; box.from.focus(); }
    const show = () => { box.from = document.activeElement; box.hidden = false; box.querySelector('button').focus(); };
    timers = [
      setTimeout(show, Math.max(end - warn * 1000, 0)),
      setTimeout(() => location.assign('/espace'), end + 2000),
    ];
  };

  // A request that got no answer: only a device that knows that it has no network is told so.
  const offline = () => {
    const notice = byId('notice');
    const [title, advice] = navigator.onLine ? ['Le site ne répond pas', 'attendez une minute'] : ['Pas de connexion', 'vérifiez votre réseau'];
    notice.innerHTML = '<div class="errors" tabindex="-1"><p class="errors-title">' + title + '</p><p>Rien n’est perdu : ' + advice + ', puis appuyez de nouveau sur le bouton.</p><button type="button" class="secondary" data-close>Fermer</button></div>';
    notice.firstElementChild.focus();
  };

  // A passkey: what speaks to the device is fetched by the pages that need it, and by no other.
  const passkey = () => import('./passkey.js');
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.dataset.passkey || form.elements.answer.value) return;
    event.preventDefault();
    event.stopPropagation();
    passkey().then((device) => device.answer(form), offline);
  }, true);

  const keys = () => document.querySelector('[data-passkey]') && passkey().then((device) => device.prepare()).catch(() => {}); // told when it is asked for

  const prepare = () => {
    all('.reveal, [data-print]' + (window.PublicKeyCredential ? ', [data-if-passkey]' : '')).forEach((place) => { place.hidden = false; });
    setTimeout(keys, 1000);
    countDown();
    watchSession();
  };

  // The link of the mail, in the browser that registered: one click. Sent once HTMX holds the form.
  document.addEventListener('htmx:after:process', () => all('form[data-auto]').forEach((form) => {
    form.removeAttribute('data-auto');
    form.requestSubmit();
  }));

  // After a step: to the top, and the focus where reading goes on.
  document.addEventListener('htmx:after:swap', (event) => {
    busy('');
    const notice = byId('notice');
    const { target } = event.detail.ctx;
    if (target === notice || target === '#notice') { // as the server's HX-Retarget names it
      notice.firstElementChild.focus();
      return;
    }
    notice.textContent = '';
    const place = byId('errors') || document.querySelector('#screen h1');
    window.scrollTo(0, 0);
    if (place) place.focus();
    prepare();
  });

  // « Rester connecté »: nothing to show, the page goes on as it is.
  document.addEventListener('htmx:after:request', (event) => {
    if (event.detail.ctx.response.status === 204) watchSession();
  });

  // A slow network is told after a second, a lost one at once; what was typed stays.
  let waiting;
  document.addEventListener('htmx:before:request', () => {
    clearTimeout(waiting);
    waiting = setTimeout(busy, 1000, 'Envoi en cours…');
  });
  document.addEventListener('htmx:finally:request', () => { clearTimeout(waiting); busy(''); });
  document.addEventListener('htmx:error', offline);

  // A private page kept by the browser is asked for again.
  window.addEventListener('pageshow', (event) => event.persisted && location.reload());

  // Where the portal may be kept on the home screen: the static files and the page without network.
  if (document.querySelector('link[rel=manifest]') && navigator.serviceWorker) navigator.serviceWorker.register('/sw.js');

  setInterval(countDown, 10000);
  prepare();
})();
