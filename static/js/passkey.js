// A passkey: the device answers what the form asks, its answer leaves with the form.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');

const sorry = {
  NotAllowedError: 'Rien n’a été envoyé. Appuyez de nouveau sur le bouton quand vous êtes prêt.',
  InvalidStateError: 'Cet appareil a déjà une clé d’accès pour votre espace : elle suffit.',
};

const asked = async (options, how) => {
  const publicKey = JSON.parse(options);
  const { user, excludeCredentials, allowCredentials } = publicKey;
  [publicKey, user, ...(excludeCredentials || []), ...(allowCredentials || [])].forEach((part) => ['id', 'challenge'].forEach((name) => {
    if (part && part[name]) part[name] = bytes(part[name]);
  }));
  const { id, type, response } = await navigator.credentials[user ? 'create' : 'get']({ publicKey, ...how });
  const told = { transports: response.getTransports ? response.getTransports() : [] };
  ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'].forEach((name) => {
    if (response[name]) told[name] = text(response[name]);
  });
  return JSON.stringify({ id, rawId: id, type, response: told });
};

// The sign-in page: the browser may offer a passkey where the e-mail is typed. What it signs lives five
// minutes, so it is asked for anew before; the page itself carries none.
let offer;
const field = () => document.querySelector('[autocomplete$=webauthn]');
const wait = async () => {
  offer = new AbortController();
  const { signal } = offer;
  const page = await fetch('/connexion/cle/directe', { headers: { 'HX-Request-Type': 'partial' } });
  const form = new DOMParser().parseFromString(await page.text(), 'text/html').querySelector('[data-passkey]');
  const later = setTimeout(() => { offer.abort(); offer = 0; prepare(); }, 240000);
  signal.addEventListener('abort', () => clearTimeout(later));
  form.elements.answer.value = await asked(form.dataset.passkey, { mediation: 'conditional', signal });
  form.hidden = true;
  if (field()) { document.body.append(form); form.submit(); }
};

export const prepare = async () => {
  const key = PublicKeyCredential;
  const place = document.querySelector('[data-keys]');
  try {
    if (place && place.dataset.keys) await key.signalAllAcceptedCredentials(JSON.parse(place.dataset.keys));
    else if (place) place.hidden = !await key.isUserVerifyingPlatformAuthenticatorAvailable();
    if (field() && !offer && await key.isConditionalMediationAvailable()) await wait();
  } catch { /* no such thing here: the page is as good without */ }
};

// Ask the device, then send the form; what it refuses is told beside the button.
export const answer = async (form) => {
  const place = form.querySelector('[role=alert]');
  place.textContent = '';
  if (offer) offer.abort();
  try {
    form.elements.answer.value = await asked(form.dataset.passkey);
  } catch (error) {
    place.textContent = sorry[error.name] || 'Cet appareil ne sait pas utiliser de clé d’accès ici. Choisissez une autre façon.';
    return;
  }
  form.requestSubmit();
};
