// What HTML cannot do alone. Everything works without it.
(() => {
  const all = (selector, from = document) => from.querySelectorAll(selector);
  const one = (selector) => document.querySelector(selector);
  const on = (name, act, place = document) => place.addEventListener(name, act, true);
  const busy = (words) => { one('#busy').textContent = words; };
  const notice = one('#notice');
  const path = () => location.href.split('#')[0];

  // HTMX is fetched at the first touch of the page, or by the form that needs it: who only reads pays
  // nothing for it, and it is not read before the first paint. A link leaves the page, and would cut it off.
  const { src } = document.currentScript;
  let htmx;
  const fetchHtmx = () => htmx = htmx || new Promise((done) => {
    const script = document.createElement('script');
    script.src = src.replace('portal', 'htmx.min');
    script.onload = () => setTimeout(done); // it takes hold of the forms in a turn of its own
    script.onerror = () => { htmx = 0; done(); };
    document.head.append(script);
  });
  ['pointerdown', 'focusin', 'keydown'].forEach((touch) => on(touch, ({ target }) => target.closest('a') || fetchHtmx()));

  // The letter's QR code, …/inscription#n=number&c=code. HTMX would send the address with each
  // request: it is cleaned before. A page without a form (no network, an error)
  // sends nothing, and keeps it for « Réessayer ».
  const carried = (name) => new URLSearchParams(location.hash.slice(1)).get(name);
  const takeLetter = () => {
    const [number, code] = [carried('n'), carried('c')];
    if (!code || !document.forms.length) return;
    const [line, field, secret] = [one('#from-letter'), one('#number'), one('#access_code')];
    // a registration is begun or waits here: a page of one's own, where nothing is theirs
    if (line && number && ![number, ''].includes(field?.value) && !location.search) return location.replace('?autre' + location.hash);
    history.replaceState(history.state, '', path());
    if (!line || !number || (number + code).length > 99) return;
    field.value = number;
    secret.value = code;
    field.autocomplete = secret.autocomplete = 'off'; // what nobody typed is read again, not remembered
    line.previousElementSibling.hidden = true;
    line.hidden = false;
    line.focus({ preventScroll: true });
  };
  takeLetter();

  // Back over a link of the error summary leads to the page that is there: HTMX would ask for it
  // again, without what was typed. Back to another step does ask, HTMX there or not yet.
  let { hash } = location;
  let [shown, within] = [];
  on('popstate', () => {
    within = shown === path() && hash !== location.hash;
    if (!within && !window.htmx) location.reload();
  }, window);
  on('htmx:before:history:restore', (event) => within && event.preventDefault());
  on('hashchange', () => { hash = location.hash; if (carried('c')) location.reload(); }, window);

  // Show or hide a password; it is hidden again before it leaves. What can be read needs no
  // repeating. A browser that translates puts elements of its own around our words.
  const copy = ({ form, name, type, value }) => {
    const repeat = name === 'password' && type === 'text' && form.password_repeat;
    if (repeat) repeat.value = value;
    return repeat;
  };
  const show = (button, leaving) => {
    const field = button.previousElementSibling;
    const visible = !leaving && field.type !== 'text';
    field.type = visible ? 'text' : 'password';
    button.firstElementChild.textContent = visible ? 'Masquer' : 'Afficher';
    return copy(field) ? 'Recopié dans le champ suivant.' : 'Mot de passe ' + (visible ? 'visible.' : 'masqué.');
  };
  on('input', ({ target }) => copy(target));

  // What was pressed: where the focus goes back once a notice is closed.
  let pressed;
  const press = ({ currentTarget: button }) => {
    if (button.matches('a')) location.reload(); // « Réessayer »: the link alone would lose what follows « # »
    else if (button.matches('.reveal')) busy(show(button));
    else if (button.matches('[data-print]')) print();
    else { notice.textContent = ''; all('[type=submit]', pressed)[0].focus(); }
    return false;
  };
  // A listener on the document would make everything « cliquable » for screen readers in Chromium.
  const hold = () => all('.reveal,[data-print],[data-close],[href=""]').forEach((button) => {
    button.hidden = false;
    button.onclick = press;
  });
  const tell = () => { hold(); notice.firstElementChild.focus(); };

  // A request that got no answer of ours. Only a device that knows that it has no network is told so.
  const away = () => {
    notice.innerHTML = '<div class="errors" role="group" tabindex="-1" aria-labelledby="away"><div id="away"><p class="errors-title">' + (navigator.onLine ? 'Le site ne répond pas</p><p>Attendez une minute' : 'Pas de connexion</p><p>Vérifiez votre réseau') + ', puis appuyez de nouveau sur le bouton. Rien n’est perdu.</p></div><button type="button" class="secondary" data-close>Fermer</button></div>';
    tell();
  };
  on('htmx:error', away);
  // A proxy's own page is no step: our answers alone say that they vary with HTMX's request.
  on('htmx:before:response', (event) => {
    if (/hx-/i.test(event.detail.ctx.response.headers.get('vary'))) return;
    event.preventDefault();
    away();
  });

  // A passkey: what speaks to the device is fetched by the pages that need it, and by no other.
  const passkey = () => import('./passkey.js');
  // A form sent before HTMX is there waits for it; where it can't be had, the form leaves as without scripts.
  on('submit', (event) => {
    const { target, submitter } = event;
    pressed = target;
    all('.reveal', target).forEach((button) => show(button, true));
    if (target.dataset.passkey && !target.answer.value) {
      event.preventDefault();
      event.stopPropagation();
      passkey().then((device) => device.answer(target), away);
    } else if (!window.htmx && (htmx !== 0 || !navigator.onLine)) {
      event.preventDefault();
      target.classList.add('htmx-request');
      fetchHtmx().then(() => {
        target.classList.remove('htmx-request');
        if (htmx || navigator.onLine) target.requestSubmit(submitter);
        else away();
      });
    }
  });

  // So is what goes with time: a session, a code, a registration that waits.
  const watch = () => one('#session-end, [data-seconds], [data-private]') && import('./awake.js').then((awake) => awake.watch(), () => {});

  const keys = () => one('[data-passkey]') && passkey().then((device) => device.prepare()).catch(() => {}); // told when it is asked for

  const prepare = () => {
    hold();
    all('[data-if-passkey]').forEach((place) => { place.hidden = !window.PublicKeyCredential; });
    setTimeout(keys, 1000);
    shown = path();
    watch();
  };

  // The code of a letter that was accepted is not there again for whoever presses Back.
  on('htmx:before:history:update', () => all('#access_code').forEach((code) => { code.value = ''; }));

  // A password that nothing was said against stays, though the server never sends one back.
  const typed = {};
  on('htmx:before:swap', () => {
    all('.secret input').forEach(({ id, value }) => typed[id] = value);
    // else HTMX gives the focus to the field of the same name, which is read before the summary
    document.activeElement.blur();
  });

  // After a step: to the top, and the focus where reading goes on, once screen readers know the screen.
  on('htmx:after:swap', (event) => {
    if (event.detail.ctx.target === '#notice') return tell(); // the server's HX-Retarget
    notice.textContent = '';
    all('[data-kept]').forEach((field) => field.value = typed[field.id]);
    scrollTo(0, 0);
    // the title is in sight: who has scrolled on, or holds a button down, is not pulled back to it
    setTimeout(() => { const told = one('#errors,#done'); (told || one('h1')).focus({ preventScroll: !told }); }, 100);
    prepare();
  });

  // « Rester connecté »: nothing to show, the page goes on as it is.
  on('htmx:after:request', (event) => event.detail.ctx.response.status === 204 && watch());

  // What the pressed button shows at once (portal.css) is said once to who does not see it.
  let waiting;
  on('htmx:before:request', () => { waiting = setTimeout(busy, 250, 'Envoi en cours…'); });
  on('htmx:finally:request', () => { clearTimeout(waiting); busy(''); });

  // Long after the page: the static files and the page without network.
  setTimeout(() => navigator.onLine && navigator.serviceWorker?.register('/sw.js').catch(() => {}), 5000);

  prepare();
  // The link of the mail, in the browser that registered: one click.
  all('form[data-auto]').forEach((form) => form.requestSubmit());
})();
